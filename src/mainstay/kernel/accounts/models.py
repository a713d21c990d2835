"""Secrets that open one thing once."""

from django.db import models
from django.utils import timezone

from mainstay.kernel.people.models import Person


class OneTimeToken(models.Model):
    """A secret that opens one thing once. Only its hash is kept."""

    class Purpose(models.TextChoices):
        FIRST_ADMINISTRATOR = "first_administrator"
        NEW_PASSWORD = "new_password"  # noqa: S105 - a purpose, not a password

    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created = models.DateTimeField(default=timezone.now, editable=False)
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["purpose", "person"], name="one_time_tokens")]

    def __str__(self) -> str:
        return self.purpose
