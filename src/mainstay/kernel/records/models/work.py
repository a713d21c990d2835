"""What hangs on a record whatever its kind: links, tasks, time, and who keeps an eye on it."""

from django.db import models
from django.utils import timezone

from mainstay.kernel.people.models import Person, Team
from mainstay.kernel.practice.history import tracked
from mainstay.kernel.practice.identifiers import uuid7
from mainstay.kernel.records.models.record import Record


class Link(models.Model):
    """A directed relation between two records; its kind knows its inverse (see `records.links`)."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=30)
    source = models.ForeignKey(Record, models.CASCADE, related_name="links_out")
    target = models.ForeignKey(Record, models.CASCADE, related_name="links_in")
    made = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "source", "target"], name="one_link"),
            models.CheckConstraint(condition=~models.Q(source=models.F("target")), name="link_between_two"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"


@tracked()
class Task(models.Model):
    """Something to do for a record: a checklist item, a follow-up, a work order."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    record = models.ForeignKey(Record, models.CASCADE, related_name="tasks")
    title = models.CharField(max_length=250)
    owner = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    due = models.DateTimeField(null=True, blank=True)
    #: A mandatory task must be done before the record can be resolved.
    mandatory = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    done = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_overdue(self) -> bool:
        """Whether it should have been done by now."""
        return self.done is None and self.due is not None and self.due < timezone.now()


class WorkLog(models.Model):
    """Time somebody spent on a record. Entries are never changed; a mistake is corrected by a further entry."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    record = models.ForeignKey(Record, models.CASCADE, related_name="work_log")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    #: Minutes of working time; negative only to correct.
    minutes = models.IntegerField()
    note = models.CharField(max_length=500, blank=True, default="")
    worked = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-worked", "-id"]

    def __str__(self) -> str:
        return f"{self.minutes} min on {self.record_id}"


class Watch(models.Model):
    """A person who wants to hear of every change to a record."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="watches")
    person = models.ForeignKey(Person, models.CASCADE, related_name="watches")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "person"], name="one_watch")]
        verbose_name_plural = "watches"

    def __str__(self) -> str:
        return f"{self.person_id} watches {self.record_id}"


class Snooze(models.Model):
    """A record that somebody put aside: out of their own queue until an instant, or until somebody writes."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="snoozes")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    until = models.DateTimeField(null=True, blank=True)
    begun = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "person"], name="one_snooze")]
        indexes = [models.Index(fields=["until"], condition=models.Q(until__isnull=False), name="snoozes_by_end")]

    def __str__(self) -> str:
        return f"{self.person_id} put {self.record_id} aside"
