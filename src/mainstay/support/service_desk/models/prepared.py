"""What is prepared for cases: texts, several changes with one click, lists of tasks, questions."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from mainstay.kernel.people.models import Organisation, Team
from mainstay.kernel.practice.history import tracked
from mainstay.kernel.practice.identifiers import uuid7
from mainstay.kernel.records.models import Category, Record, Task, Visibility
from mainstay.support.incidents.models import HoldReason, Level


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
