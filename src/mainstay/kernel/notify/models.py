"""What people are told on the page: the bell."""

from django.db import models
from django.utils import timezone

from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.identifiers import uuid7
from mainstay.kernel.records.models import Record


class Notification(models.Model):
    """One event that one person is told of. It keeps no words: they are made when it is shown."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    event_id = models.BigIntegerField()
    #: The event's name, who caused it, and whether it belongs to the public part of the record.
    event = models.CharField(max_length=60)
    author = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    public = models.BooleanField()
    #: What it is about: a record, or what somebody above registered how to show (`notify.registry.tells_of`).
    record = models.ForeignKey(Record, models.CASCADE, null=True, blank=True, related_name="notifications")
    subject = models.CharField(max_length=60, blank=True, default="", db_default="")
    person = models.ForeignKey(Person, models.CASCADE, related_name="notifications")
    created = models.DateTimeField(default=timezone.now, editable=False)
    read = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event_id", "person"], name="one_notification")]
        indexes = [
            models.Index(fields=["person", "-id"], name="notifications_of_person"),
            models.Index(fields=["person", "-id"], name="unread_notifications", condition=models.Q(read=None)),
        ]

    def __str__(self) -> str:
        return f"{self.event} for {self.person_id}"
