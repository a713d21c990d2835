"""What requesters think of how their cases were handled."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.identifiers import uuid7
from mainstay.kernel.records.models import Record

#: From very dissatisfied to very satisfied.
LOWEST, HIGHEST = 1, 5
SCORES = (
    (1, _("1: not at all")),
    (2, _("2: rather not")),
    (3, _("3: partly")),
    (4, _("4: yes")),
    (5, _("5: very much")),
)


class Rating(models.Model):
    """How satisfied its requester is with one case of any kind. It begins when they are asked, or when they say so."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    record = models.OneToOneField(Record, models.CASCADE, related_name="rating")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    #: When a message asked them; none where they said it unasked.
    asked = models.DateTimeField(null=True, blank=True)
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    words = models.TextField(blank=True, default="")
    #: When they said it first, and last.
    answered = models.DateTimeField(null=True, blank=True)
    changed = models.DateTimeField(null=True, blank=True)
    #: What was opened because they were not satisfied, once.
    follow_up = models.ForeignKey(Record, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(score=None) | models.Q(score__range=(LOWEST, HIGHEST)), name="score_of_the_scale"
            ),
            models.CheckConstraint(
                condition=models.Q(score__isnull=True, answered__isnull=True)
                | models.Q(score__isnull=False, answered__isnull=False),
                name="answered_with_a_score",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-asked"], name="ratings_of_person"),
            models.Index(fields=["answered", "id"], name="ratings_answered", condition=models.Q(score__isnull=False)),
            models.Index(fields=["asked"], name="ratings_asked", condition=models.Q(asked__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"rating of {self.record_id}"
