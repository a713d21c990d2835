"""Answers kept so that a request sent again is answered again, and not done again."""

from django.db import models
from django.utils import timezone

from mainstay.kernel.people.models import Person


class KeptAnswer(models.Model):
    """The answer to a request that carried an `Idempotency-Key`, kept for a day.

    One row for a person and a key: the unique constraint is what two equal requests at once meet last.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    #: SHA-256 (hexadecimal) of what was asked: method, path and body.
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    made = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="one_answer_per_key")]
        indexes = [models.Index(fields=["made"], name="answers_by_age")]

    def __str__(self) -> str:
        return f"{self.status} for {self.key}"
