"""What the browser hands over for safe keeping."""

from django.db import models

from mainstay.kernel.people.models import Person


class Draft(models.Model):
    """Text a person has begun and not yet sent. `key` says where: `incident/INC-000123/comment`."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="drafts")
    key = models.CharField(max_length=120)
    body = models.TextField()
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="one_draft_per_place")]

    def __str__(self) -> str:
        return self.key
