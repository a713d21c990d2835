"""What a contact has beyond every record, and the rows that configure the desk."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.calendars.models import Calendar
from mainstay.kernel.people.models import Organisation, Person, Team
from mainstay.kernel.practice.history import tracked
from mainstay.kernel.practice.identifiers import uuid7
from mainstay.kernel.records.models import Category, Record, Task, Visibility
from mainstay.support.incidents.models import HoldReason, Level
from mainstay.support.service_desk.models.announcements import Announcement as Announcement
from mainstay.support.service_desk.models.announcements import Telling as Telling
from mainstay.support.service_desk.models.satisfaction import Rating as Rating


class Source(models.TextChoices):
    """The way by which somebody reached the desk."""

    PORTAL = "portal", _("Portal")
    PHONE = "phone", _("Telephone")
    MAIL = "mail", _("E-mail")
    WALK_IN = "walk_in", _("In person")
    API = "api", _("API")


class Type(models.TextChoices):
    """What somebody came for: help, or to complain."""

    CASE = "case", _("Case")
    COMPLAINT = "complaint", _("Complaint")


@tracked()
class Desk(models.Model):
    """A team that takes in the contacts of an organisation and all below it, or of everybody."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=100)
    #: Of several desks that fit, the one with the lowest position takes it in.
    position = models.PositiveIntegerField(default=0)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    #: Who answers for complaints; empty leaves them to the team.
    complaints = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    retired = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.name


@tracked()
class UpdatePromise(models.Model):
    """After how long at the latest a requester hears from us again, for cases of one priority."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=100)
    #: 1 (highest) to 5 (lowest); there is one promise for each.
    priority = models.PositiveSmallIntegerField(unique=True, choices=[(level, str(level)) for level in range(1, 6)])
    minutes = models.PositiveIntegerField()
    #: In whose hours the minutes are counted; without one, by the clock on the wall.
    calendar = models.ForeignKey(Calendar, models.PROTECT, null=True, blank=True, related_name="+")
    retired = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["priority"]

    def __str__(self) -> str:
        return self.name


class Broadcast(models.Model):
    """One public message to many cases: of a parent's children, or of a list."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    body = models.TextField()
    #: The case whose children it is for, where it is for those of one.
    parent = models.ForeignKey(Record, models.CASCADE, null=True, blank=True, related_name="+")
    #: What was written on that case first, where it is passed on from there.
    said = models.ForeignKey("records.Comment", models.CASCADE, null=True, blank=True, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"broadcast {self.pk}"


class TargetState(models.TextChoices):
    """What became of a broadcast at one case."""

    WAITING = "waiting", _("Waiting")
    WRITTEN = "written", _("Written")
    LEFT_OUT = "left_out", _("Left out")


class Follows(models.TextChoices):
    """Whether what is linked follows."""

    NOT = "nothing", _("Nothing")
    ASK = "ask", _("Ask")
    AT_ONCE = "propagate", _("Do the same")


@tracked()
class LinkPolicy(models.Model):
    """What children (`parent_of`) or duplicates (`duplicates`) do when something is done with the one they hang on."""

    slug = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=100)
    #: When it is resolved or answered, when it is closed, and when its caller is written to.
    resolving = models.CharField(max_length=10, choices=Follows.choices, default=Follows.NOT)
    closing = models.CharField(max_length=10, choices=Follows.choices, default=Follows.NOT)
    commenting = models.CharField(max_length=10, choices=Follows.choices, default=Follows.NOT)
    #: Whether one that is not resolved keeps it from being closed.
    blocks = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "link policies"

    def __str__(self) -> str:
        return self.name


class Deed(models.TextChoices):
    """What is done with what follows."""

    RESOLVE = "resolve", _("Resolve")
    CLOSE = "close", _("Close")


class Following(models.Model):
    """That others are resolved or closed because one was, each in a transaction of its own."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    leader = models.ForeignKey(Record, models.CASCADE, related_name="+")
    deed = models.CharField(max_length=10, choices=Deed.choices)
    #: Who chose them; nobody where the policy did.
    author = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    begun = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"{self.deed} as {self.leader_id}"


class FollowingTarget(models.Model):
    """A record that follows, and what became of that; `written` is done."""

    following = models.ForeignKey(Following, models.CASCADE, related_name="targets")
    record = models.ForeignKey(Record, models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=TargetState.choices, default=TargetState.WAITING)
    #: Why it was left out.
    why = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["following", "record"], name="one_following_of_a_record")]

    def __str__(self) -> str:
        return f"{self.state} {self.following_id} of {self.record_id}"


class BroadcastTarget(models.Model):
    """A case that a broadcast is written to, in a transaction of its own."""

    broadcast = models.ForeignKey(Broadcast, models.CASCADE, related_name="targets")
    record = models.ForeignKey(Record, models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=TargetState.choices, default=TargetState.WAITING)
    #: Why it was left out.
    why = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["broadcast", "record"], name="one_broadcast_to_a_record")]

    def __str__(self) -> str:
        return f"{self.state} {self.broadcast_id} to {self.record_id}"


@tracked(related_name="contact_history")
class Contact(Record):
    """Somebody turned to the desk; what it is, is found out afterwards."""

    description = models.TextField(_("description"), blank=True, default="")
    source = models.CharField(max_length=20, choices=Source.choices, default=Source.PORTAL)
    type = models.CharField(_("type"), max_length=20, choices=Type.choices, default=Type.CASE)
    #: How the caller wants to be reached about it; empty leaves the ways their person has.
    call_back = models.CharField(_("call back"), max_length=200, blank=True, default="")
    solution = models.TextField(_("solution"), blank=True, default="")
    reopenings = models.PositiveIntegerField(default=0)
    #: How often another team was given it, and how often it was escalated by hand.
    hand_overs = models.PositiveIntegerField(default=0, db_default=0)
    escalations = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        indexes = [models.Index(fields=["type"], name="complaints", condition=models.Q(type="complaint"))]


@tracked()
class CannedAnswer(models.Model):
    """A text written once and sent often. What it leaves empty limits nobody."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=100)
    #: With places to fill in, see `queries.prepared.PLACEHOLDERS`.
    body = models.TextField(max_length=20_000)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, blank=True, default="")
    #: For cases of this organisation and all below it.
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    #: For members of this team.
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    position = models.PositiveIntegerField(default=0)
    retired = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "name", "slug"]

    def __str__(self) -> str:
        return self.name


@tracked()
class Macro(models.Model):
    """Several changes with one click. What it leaves empty stays as it is; the rest is done in the order of `STEPS`."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    #: For members of this team.
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+")
    impact = models.PositiveSmallIntegerField(choices=Level.choices, null=True, blank=True)
    urgency = models.PositiveSmallIntegerField(choices=Level.choices, null=True, blank=True)
    comment = models.TextField(max_length=20_000, blank=True, default="")
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.INTERNAL)
    watches = models.BooleanField(default=False)
    assign_to = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    #: Whether it goes to whoever applies the macro.
    takes = models.BooleanField(default=False)
    verb = models.CharField(max_length=20, blank=True, default="")
    hold_reason = models.ForeignKey(HoldReason, models.PROTECT, null=True, blank=True, related_name="+")
    #: Days until a hold ends by itself; 0 waits for an answer.
    hold_days = models.PositiveSmallIntegerField(default=0)
    #: The solution or the reason that the move takes.
    words = models.TextField(max_length=20_000, blank=True, default="")
    closing_category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+")
    position = models.PositiveIntegerField(default=0)
    retired = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "name", "slug"]

    def __str__(self) -> str:
        return self.name


class ForCases(models.Model):
    """For which cases something is prepared: what is left empty limits nothing."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, blank=True, default="")
    #: A category and an organisation stand for themselves and all below them.
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    position = models.PositiveIntegerField(default=0)
    retired = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["position", "name", "slug"]

    def __str__(self) -> str:
        return self.name


@tracked()
class Checklist(ForCases):
    """Tasks that come together, a line for each as `engine.checklist` reads it."""

    items = models.JSONField(default=list)
    #: Whether a case gets it by itself when it is opened or its category changes.
    automatic = models.BooleanField(default=False)


class AttachedChecklist(models.Model):
    """A checklist that a case got, once at most, and the tasks that came of it."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="+")
    checklist = models.ForeignKey(Checklist, models.PROTECT, related_name="+")
    #: Whether it came by itself: such a one goes again with the category, as long as nothing of it is done.
    automatic = models.BooleanField(default=False)
    tasks = models.ManyToManyField(Task, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "checklist"], name="one_checklist")]

    def __str__(self) -> str:
        return f"{self.checklist_id} on {self.record_id}"


@tracked()
class Runbook(ForCases):
    """Questions that lead to each other, as `engine.runbook` reads them."""

    text = models.TextField(max_length=50_000)


class RunbookRun(models.Model):
    """A runbook as it is followed on a case. It keeps the steps as they were when it began."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    record = models.ForeignKey(Record, models.CASCADE, related_name="+")
    runbook = models.ForeignKey(Runbook, models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    #: By name: `words` and `answers`, each a label and the name of the next step.
    steps = models.JSONField()
    #: What was answered so far: `step`, `answer` (its place), `person` (id or null), `at` (ISO 8601, UTC).
    path = models.JSONField(default=list)
    at = models.CharField(max_length=40)
    begun = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["begun", "id"]
        indexes = [models.Index(fields=["record"], name="runs_of_record")]

    def __str__(self) -> str:
        return f"{self.name} on {self.record_id}"
