"""What people are to know before they ask: announcements, planned outages, and who was told of them."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.people.models import Organisation, Person, Team
from mainstay.kernel.practice.history import tracked
from mainstay.kernel.practice.identifiers import uuid7


class Severity(models.TextChoices):
    """How much it matters to those it concerns."""

    INFO = "info", _("For information")
    WARNING = "warning", _("Work is hindered")
    CRITICAL = "critical", _("Work is impossible")


@tracked(exclude=["told_round"])
class Announcement(models.Model):
    """Something that people are to know for some time, or an outage that is planned for then.

    It concerns everybody, or the people of organisations and of all below them, and of teams.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=200)
    #: Plain text.
    body = models.TextField(_("text"), max_length=20_000, blank=True, default="")
    severity = models.CharField(_("severity"), max_length=10, choices=Severity.choices, default=Severity.INFO)
    #: Whether the time is that of a planned outage: it is told at once, and not only when it begins.
    outage = models.BooleanField(default=False)
    begins = models.DateTimeField(_("begins"))
    ends = models.DateTimeField(_("ends"))
    everybody = models.BooleanField(default=False)
    #: Whether it stands on the page to sign in, for whoever opens that.
    public = models.BooleanField(default=False)
    organisations = models.ManyToManyField(Organisation, related_name="+", blank=True)
    teams = models.ManyToManyField(Team, related_name="+", blank=True)
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1)
    cancelled = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True, default="")
    #: How often there was something to tell: once, and again whenever its time moved or it was cancelled.
    round = models.PositiveIntegerField(default=1)
    #: The event that the round tells of.
    event_id = models.BigIntegerField(default=0)
    #: The last round in which everybody was told.
    told_round = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends__gt=models.F("begins")), name="announcement_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=models.Q(public=False) | models.Q(everybody=True), name="what_is_public_is_for_everybody"
            ),
        ]
        indexes = [models.Index(fields=["ends"], name="announcements_by_end")]

    def __str__(self) -> str:
        return self.title


class MailState(models.TextChoices):
    """What became of the mail about it; nothing where none was wanted."""

    NONE = "", _("None")
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")


class Telling(models.Model):
    """That one person was told of an announcement in one round, in the ways they chose; perhaps in none."""

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="tellings")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    round = models.PositiveIntegerField()
    #: Behind the bell.
    in_app = models.BooleanField(default=False)
    mail = models.CharField(max_length=10, choices=MailState.choices, blank=True, default=MailState.NONE)
    error = models.CharField(max_length=500, blank=True, default="")
    #: When they were told first; none while only a mail waits, and where they want to hear of nothing.
    told = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["announcement", "person", "round"], name="told_once_in_a_round")]

    def __str__(self) -> str:
        return f"{self.person_id} told of {self.announcement_id}"
