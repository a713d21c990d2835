"""What the browser hands over for safe keeping, and what is made for somebody to fetch."""

from django.db import models
from django.utils import timezone

from mainstay.kernel.files.models import Content
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.identifiers import uuid7
from mainstay.kernel.records.models import Record


class Draft(models.Model):
    """Text a person has begun and not yet sent. `key` says where: `incident/new/description`, or a record's form."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="drafts")
    #: The record that it is for, whatever number it has by then; none where it is for no record.
    record = models.ForeignKey(Record, models.CASCADE, null=True, blank=True, related_name="+")
    key = models.CharField(max_length=120)
    body = models.TextField()
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "record", "key"], nulls_distinct=False, name="one_draft_per_place"
            )
        ]

    def __str__(self) -> str:
        return self.key


class OrderedDocument(models.Model):
    """A document of a record that somebody ordered, because it takes a while to make. Nobody else fetches it."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    record = models.ForeignKey(Record, models.CASCADE, related_name="+")
    #: `pdf` or `html`.
    ending = models.CharField(max_length=4)
    #: Whether it holds the record's internal part: then whoever may no longer see that may not fetch it either.
    internal = models.BooleanField()
    #: What it is read in.
    language = models.CharField(max_length=10)
    zone = models.CharField(max_length=64)
    ordered = models.DateTimeField(default=timezone.now)
    #: The document, once it is made.
    content = models.ForeignKey(Content, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.record_id}.{self.ending}"


class Presence(models.Model):
    """Somebody who has a record open now. The table is unlogged: after a crash they tell it again."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    seen = models.DateTimeField()
    #: Whether they are writing at this moment.
    replying = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "person"], name="one_presence")]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.record_id}"
