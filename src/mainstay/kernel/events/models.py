"""The one append-only table: timeline, audit trail, trigger of reactions and notifications."""

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from mainstay.kernel.practice.identifiers import uuid7


class ClockTimestamp(Now):
    """The database's clock at the very moment of writing, not at the start of the transaction."""

    template = "clock_timestamp()"

    def as_postgresql(self, compiler, connection, **extra):  # type: ignore[no-untyped-def]  # as Django has it
        return self.as_sql(compiler, connection, **extra)


class Event(models.Model):
    """Something that happened. Never updated, never deleted; the application's database role cannot.

    Nothing has a foreign key to it and it has none, so that it can be partitioned; people and records are
    referred to by id. It keeps ids, choices and short values, never bodies or contact data.
    """

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid7, editable=False)
    #: `kind.past`, such as `incident.resolved`.
    name = models.CharField(max_length=60)
    #: The record it is about, if it is about one; else `subject` names the thing: `role:agent`.
    record_id = models.BigIntegerField(null=True)
    subject = models.CharField(max_length=120, blank=True, default="")
    actor_id = models.BigIntegerField(null=True)
    on_behalf_of_id = models.BigIntegerField(null=True)
    #: Through which door: page, api, mail, agent, rule, job, command.
    door = models.CharField(max_length=10)
    reason = models.TextField(blank=True, default="")
    #: Changed fields: `{"state": ["new", "assigned"]}`.
    changes = models.JSONField(default=dict)
    #: Ids and choices that belong to the event but change no field.
    data = models.JSONField(default=dict)
    #: Whether those who see only the public part of a record may see it.
    public = models.BooleanField(default=False)
    request_id = models.CharField(max_length=36, blank=True, default="")
    #: When it happened, as claimed: an import or a correction may name a past instant (UTC).
    occurred = models.DateTimeField(default=timezone.now)
    #: When it was written, by the database's clock (UTC).
    recorded = models.DateTimeField(db_default=ClockTimestamp(), editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["record_id", "occurred", "id"], name="events_of_record"),
            models.Index(fields=["name", "occurred"], name="events_by_name"),
            models.Index(fields=["subject", "id"], name="events_of_subject", condition=~models.Q(subject="")),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.record_id or self.subject}"
