"""What an incident has beyond every record, and the rows that configure incidents."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.history import tracked
from mainstay.kernel.practice.identifiers import uuid7
from mainstay.kernel.records.models import Category, Record


class Level(models.IntegerChoices):
    """Impact and urgency."""

    HIGH = 1, _("High")
    MEDIUM = 2, _("Medium")
    LOW = 3, _("Low")


class Priority(models.IntegerChoices):
    """The order of work that impact and urgency give."""

    CRITICAL = 1, _("Critical")
    HIGH = 2, _("High")
    MODERATE = 3, _("Moderate")
    LOW = 4, _("Low")
    PLANNING = 5, _("Planning")


@tracked()
class PriorityRule(models.Model):
    """One cell of the matrix: the priority that an impact and an urgency give."""

    impact = models.PositiveSmallIntegerField(choices=Level.choices)
    urgency = models.PositiveSmallIntegerField(choices=Level.choices)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices)

    class Meta:
        ordering = ["impact", "urgency"]
        constraints = [models.UniqueConstraint(fields=["impact", "urgency"], name="one_priority")]

    def __str__(self) -> str:
        return f"{self.impact} x {self.urgency} = {self.priority}"


@tracked()
class HoldReason(models.Model):
    """A reason to put an incident on hold."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=100)
    #: What the requester reads while it lasts.
    requester_label = models.CharField(max_length=200, blank=True, default="")
    #: Days from the hold, and from each reminder, until its caller is reminded; 0 reminds nobody.
    reminder_days = models.PositiveIntegerField(default=0)
    #: How often the caller is reminded at most.
    reminders = models.PositiveIntegerField(default=2)
    #: What resolves the incident when the last reminder stays without an answer; empty lets it wait.
    solution = models.CharField(max_length=500, blank=True, default="")
    position = models.PositiveIntegerField(default=0)
    retired = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.name


class Source(models.TextChoices):
    """How an incident reached the desk; imports bring further sources of their own."""

    PORTAL = "portal", _("Portal")
    CONSOLE = "console", _("Console")
    PHONE = "phone", _("Telephone")
    MAIL = "mail", _("E-mail")
    WALK_IN = "walk_in", _("In person")
    API = "api", _("API")


@tracked(related_name="incident_history")
class Incident(Record):
    """Something does not work as agreed for somebody."""

    description = models.TextField(_("description"), blank=True, default="")
    impact = models.PositiveSmallIntegerField(_("impact"), choices=Level.choices, default=Level.LOW)
    urgency = models.PositiveSmallIntegerField(_("urgency"), choices=Level.choices, default=Level.LOW)
    #: Why the priority differs from the matrix; empty when the matrix gave it.
    priority_reason = models.CharField(max_length=500, blank=True, default="")
    #: How it reached the desk.
    source = models.CharField(max_length=20, default="portal")
    #: How the caller wants to be reached about it; empty leaves the ways their person has.
    call_back = models.CharField(_("call back"), max_length=200, blank=True, default="", db_default="")
    solution = models.TextField(_("solution"), blank=True, default="")
    closing_category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+")
    hold_reason = models.ForeignKey(HoldReason, models.PROTECT, null=True, blank=True, related_name="+")
    #: When the hold ends by itself (UTC).
    resume_at = models.DateTimeField(null=True, blank=True)
    #: How often another team or person was given it after the first.
    hand_overs = models.PositiveIntegerField(default=0)
    #: How often it was escalated by hand, to another team or to a superior.
    escalations = models.PositiveIntegerField(default=0, db_default=0)
    reopenings = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(impact__range=(1, 3), urgency__range=(1, 3)), name="incident_levels"
            )
        ]
        indexes = [
            models.Index(
                fields=["resume_at"], condition=models.Q(resume_at__isnull=False), name="incidents_by_end_of_hold"
            )
        ]


#: The most characters of each text about what was learnt from a major incident.
LEARNT = 10_000


@tracked()
class MajorIncident(models.Model):
    """An incident as a major one: why it was proposed, how that was decided, who leads, what was learnt."""

    class Stage(models.TextChoices):
        """How far it is."""

        CANDIDATE = "candidate", _("Proposed")
        ACCEPTED = "accepted", _("Major incident")
        REJECTED = "rejected", _("Rejected")
        ENDED = "ended", _("Ended")

    incident = models.OneToOneField(Incident, models.CASCADE, related_name="major")
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.CANDIDATE)
    proposed = models.DateTimeField(default=timezone.now)
    proposal = models.CharField(max_length=500)
    decided = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=500, blank=True, default="")
    #: Who leads the response, and who tells people about it.
    leader = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    speaker = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    ended = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=500, blank=True, default="")
    reviewed = models.DateTimeField(null=True, blank=True)
    causes = models.TextField(blank=True, default="")
    went_well = models.TextField(blank=True, default="")
    to_improve = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        return f"{self.incident_id} {self.stage}"
