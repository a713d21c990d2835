"""What a contact has beyond every record, who takes it in, and when its caller hears from us."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.calendars.models import Calendar
from mainstay.kernel.people.models import Organisation, Team
from mainstay.kernel.practice.history import tracked
from mainstay.kernel.practice.identifiers import uuid7
from mainstay.kernel.records.models import Record


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
