"""Lists that were kept."""

from django.db import models

from mainstay.kernel.people.models import Person, Team
from mainstay.kernel.practice.history import tracked
from mainstay.kernel.practice.identifiers import uuid7


@tracked()
class SavedView(models.Model):
    """A list with its filters, order and columns, kept as the query string of its URL."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    query = models.CharField(max_length=2000, blank=True, default="")
    #: Exactly one of: a person's own, a team's, or (neither) everyone's.
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="saved_views")
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="saved_views")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=True) | models.Q(team__isnull=True), name="view_of_one"
            )
        ]

    def __str__(self) -> str:
        return self.name
