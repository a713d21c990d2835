"""The heart: the Record, and what hangs on every record whatever its kind."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.access.engine.decision import CONFIDENTIAL, INTERNAL, PUBLIC
from mainstay.kernel.files.models import Content
from mainstay.kernel.lifecycle import CATEGORIES
from mainstay.kernel.people.models import Organisation, Person, Team
from mainstay.kernel.practice.history import tracked
from mainstay.kernel.practice.identifiers import uuid7


@tracked()
class Category(models.Model):
    """A node of the tree that records of a kind are classified by."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    #: Whether it may be chosen when a record is opened, and when it is closed.
    opens = models.BooleanField(default=True)
    closes = models.BooleanField(default=True)
    retired = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name


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


class Visibility(models.TextChoices):
    """Who reads an entry: the requester too, or only those who work on the record."""

    PUBLIC = "public", _("Public")
    INTERNAL = "internal", _("Internal")


@tracked()
class Comment(models.Model):
    """What somebody said on a record. `body` is plain text."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    record = models.ForeignKey(Record, models.CASCADE, related_name="comments")
    author = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    visibility = models.CharField(max_length=10, choices=Visibility.choices)
    body = models.TextField()
    written = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["record", "written", "id"], name="comments_of_record")]

    def __str__(self) -> str:
        return f"{self.visibility} comment on {self.record_id}"


class Excerpt(models.Model):
    """A comment that goes on in another record, too, than the one it was written on (see `records.merged`)."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="excerpts")
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="excerpts")
    #: The event (id) with which it was written.
    event = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "comment"], name="one_excerpt")]

    def __str__(self) -> str:
        return f"{self.comment_id} goes on in {self.record_id}"


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


class ReplyState(models.TextChoices):
    """What became of a reply that was to be sent later."""

    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    TAKEN_BACK = "taken_back", _("Taken back")
    LEFT_OUT = "left_out", _("Left out")


class ScheduledReply(models.Model):
    """A public comment that is written later, unless it is no longer right by then."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    record = models.ForeignKey(Record, models.CASCADE, related_name="scheduled_replies")
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    body = models.TextField()
    at = models.DateTimeField()
    #: Whether it is sent although something was written after `written`.
    even_if_answered = models.BooleanField(default=False)
    written = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=ReplyState.choices, default=ReplyState.WAITING)
    #: Why it was left out.
    why = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        verbose_name_plural = "scheduled replies"
        indexes = [models.Index(fields=["at"], condition=models.Q(state="waiting"), name="waiting_replies")]

    def __str__(self) -> str:
        return f"{self.state} reply on {self.record_id}"


@tracked()
class SavedView(models.Model):
    """A list with its filters, order and columns, kept as the query string of its URL."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    query = models.CharField(max_length=2000, blank=True, default="")
    #: Exactly one of: a person's own, a team's, or (neither) everyone's.
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="saved_views")
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="saved_views")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=True) | models.Q(team__isnull=True), name="view_of_one"
            )
        ]

    def __str__(self) -> str:
        return self.name


class AttributeType(models.TextChoices):
    """The types a custom field can have."""

    TEXT = "text", _("Text")
    LONG_TEXT = "long_text", _("Long text")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    YES_NO = "yes_no", _("Yes or no")
    CHOICE = "choice", _("Choice")
    URL = "url", _("Web address")


@tracked()
class AttributeDefinition(models.Model):
    """A custom field of a kind of record, or of those of one category."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=20)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="attributes")
    slug = models.SlugField(max_length=50)
    label = models.CharField(max_length=100)
    help = models.CharField(max_length=250, blank=True, default="")
    type = models.CharField(max_length=12, choices=AttributeType.choices)
    choices = models.JSONField(default=list, blank=True)
    required = models.BooleanField(default=False)
    #: Whether the requester sees and fills it in the portal.
    public = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)
    retired = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "slug"]
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="one_attribute")]

    def __str__(self) -> str:
        return self.label


class Attachment(models.Model):
    """A file on a record, perhaps sent with a comment. The name is what the sender called it and nothing else."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    record = models.ForeignKey(Record, models.CASCADE, related_name="attachments")
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, blank=True, related_name="attachments")
    content = models.ForeignKey(Content, models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    visibility = models.CharField(max_length=10, choices=Visibility.choices)
    added_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    added = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["added", "id"]

    def __str__(self) -> str:
        return self.name


@tracked()
class StateLabel(models.Model):
    """What an administrator calls a state of a kind, in one language, for agents or for requesters."""

    class Audience(models.TextChoices):
        """Who reads it."""

        AGENTS = "agents", _("Agents")
        REQUESTERS = "requesters", _("Requesters")

    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=20)
    audience = models.CharField(max_length=10, choices=Audience.choices)
    language = models.CharField(max_length=10)
    label = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "state", "audience", "language"], name="one_label_of_a_state")
        ]

    def __str__(self) -> str:
        return self.label
