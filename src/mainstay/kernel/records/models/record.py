"""The heart: the Record, and its numbers."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.access.engine.decision import CONFIDENTIAL, INTERNAL, PUBLIC
from mainstay.kernel.lifecycle import CATEGORIES
from mainstay.kernel.people.models import Organisation, Person, Team
from mainstay.kernel.practice.history import tracked
from mainstay.kernel.records.models.classification import Category


class Access(models.TextChoices):
    """Who may see a record: its requester too, only those who work on it, or only its own team."""

    PUBLIC = PUBLIC, _("Public")
    INTERNAL = INTERNAL, _("Internal")
    CONFIDENTIAL = CONFIDENTIAL, _("Confidential")


@tracked(related_name="record_history")
class Record(models.Model):
    """Anything that has a number and a life: contacts, incidents, requests, problems, changes.

    A column stands here only if the queue, the timeline, the search or access must see it; Record never
    asks what kind it is. Inherit once, never twice.
    """

    kind = models.CharField(max_length=20, editable=False)
    number = models.CharField(max_length=20, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=250)
    state = models.CharField(max_length=20)
    state_category = models.CharField(max_length=10, choices=[(name, name) for name in CATEGORIES])
    access = models.CharField(max_length=12, choices=Access.choices, default=Access.PUBLIC)
    #: 1 (highest) to 5 (lowest).
    priority = models.PositiveSmallIntegerField(default=5)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="records")
    assignee = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="assigned_records")
    requester = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="requested_records")
    #: Who took it in and answers for it until it is closed, whoever works on it meanwhile.
    owner = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="records")
    opened = models.DateTimeField(default=timezone.now)
    updated = models.DateTimeField(default=timezone.now)
    due = models.DateTimeField(null=True, blank=True)
    #: When the requester hears from us next, as they were promised; none where nothing was.
    next_update = models.DateTimeField(null=True, blank=True)
    #: Why the record needs somebody now (see `records.attention`); written by those who stand above, read by the queue.
    attention = models.CharField(max_length=20, blank=True, default="")
    resolved = models.DateTimeField(null=True, blank=True)
    closed = models.DateTimeField(null=True, blank=True)
    archived = models.DateTimeField(null=True, blank=True)
    #: As part of which record it goes on; that one shows it through to whoever may see both.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", db_index=False, editable=False
    )
    #: Counts edits of fields, not comments, watchers or links.
    version = models.PositiveIntegerField(default=1)
    attributes = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["-updated", "-id"], name="records_by_update"),
            models.Index(
                fields=["-updated", "-id"],
                name="open_records_by_update",
                condition=models.Q(state_category__in=("open", "paused")),
            ),
            models.Index(
                fields=["priority", "id"],
                name="open_records_by_urgency",
                condition=models.Q(state_category__in=("open", "paused")),
            ),
            models.Index(fields=["priority", "id"], name="records_by_priority"),
            GinIndex(SearchVector("title", config="simple"), name="records_by_word_of_title"),
            models.Index(fields=["-opened", "-id"], name="records_by_opening"),
            models.Index(fields=["state", "-id"], name="records_by_state"),
            models.Index(fields=["team", "state_category", "-id"], name="records_by_team"),
            models.Index(fields=["assignee", "state_category", "-id"], name="records_by_assignee"),
            models.Index(fields=["requester", "-id"], name="records_by_requester"),
            models.Index(
                fields=["owner", "-updated", "-id"],
                name="unclosed_records_by_owner",
                condition=models.Q(owner__isnull=False) & ~models.Q(state_category="closed"),
            ),
            models.Index(
                fields=["next_update"],
                name="records_by_next_update",
                condition=models.Q(next_update__isnull=False),
            ),
            models.Index(fields=["merged_into"], name="merged_records", condition=models.Q(merged_into__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class RecordNumber(models.Model):
    """A number that a record had before its present one. It resolves for ever."""

    number = models.CharField(max_length=20, primary_key=True)
    record = models.ForeignKey(Record, models.CASCADE, related_name="former_numbers")

    def __str__(self) -> str:
        return self.number
