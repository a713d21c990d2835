"""Mails on their way."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.identifiers import uuid7
from mainstay.kernel.records.models import Record


class DeliveryState(models.TextChoices):
    """What became of a mail. Dropped: when it was to be sent, its recipient was no longer to have it."""

    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    DROPPED = "dropped", _("Dropped")
    FAILED = "failed", _("Failed")


class Delivery(models.Model):
    """One mail to one person about one event. It is written when it is sent, not before."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    event_id = models.BigIntegerField()
    record = models.ForeignKey(Record, models.CASCADE, related_name="deliveries")
    person = models.ForeignKey(Person, models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    #: What the mail server said last.
    error = models.CharField(max_length=500, blank=True, default="")
    created = models.DateTimeField(default=timezone.now, editable=False)
    sent = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [models.UniqueConstraint(fields=["event_id", "person"], name="one_delivery")]
        indexes = [
            models.Index(
                fields=["state", "id"], name="deliveries_not_sent", condition=models.Q(state__in=("waiting", "failed"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.state} mail about {self.event_id} to {self.person_id}"
