"""What can be done with contacts, the events that leaves, and the defaults of the desk's settings."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.access import registry as access
from mainstay.kernel.events import registry as events
from mainstay.kernel.practice import settings
from mainstay.kernel.practice.registry import guard
from mainstay.kernel.records.declarations import RECORD_CAPABILITIES, RECORD_EVENTS, open_mandatory_tasks
from mainstay.kernel.records.merged import goes_into
from mainstay.kernel.records.models import Record
from mainstay.support.service_desk.lifecycle import LIFECYCLE
from mainstay.support.service_desk.models import Contact, Type
from mainstay.support.service_desk.queries.following import holding_open

access.declare({f"contact.{name}": label for name, label in RECORD_CAPABILITIES.items()})
access.declare({f"contact.{verb}": LIFECYCLE.example(verb).label for verb in LIFECYCLE.verbs})
access.declare({"contact.convert": _("Turn contacts into incidents")})
access.declare({"contact.configure": _("Configure the service desk")})

access.declare({"contact.announce": _("Write announcements and plan outages")})

events.declare("broadcast", ("created",))
events.declare("announcement", ("created", "edited", "moved", "cancelled"))
for configured in ("desk", "update_promise", "canned_answer", "macro", "checklist", "runbook", "link_policy"):
    events.declare(configured, ("created", "edited", "retired"))
events.declare("contact", (*RECORD_EVENTS, *dict.fromkeys(move.past for move in LIFECYCLE.moves)))
#: What happens at the desk to records of the practices below it, too.
for kind in ("contact", "incident"):
    events.declare(kind, ("macro_applied", "checklist_attached", "checklist_withdrawn"))
    events.declare(kind, ("runbook_started", "runbook_answered", "runbook_taken_back"))
    events.declare(kind, ("rating_asked", "rated"))

goes_into("contact", "contact", "incident")
guard("contact.answer")(open_mandatory_tasks)


@guard("contact.merge")
def no_complaint(record: Record) -> str | None:
    """A complaint has its own owner and date, which it would lose."""
    if not Contact.objects.filter(pk=record.pk, type=Type.COMPLAINT).exists():
        return None
    return _now("A complaint keeps its owner and its date: merge the other case into it.")


@guard("contact.close")
@guard("incident.close")
def what_keeps_it_open(record: Record) -> str | None:
    """Children or duplicates that are not resolved keep it open, where their policy says so."""
    count = holding_open(record.pk)
    return _now("Not resolved yet of what hangs on it: %(count)d.") % {"count": count} if count else None


settings.declare(
    "service_desk.close_after_days",
    int,
    7,
    _("Days until an answered contact closes by itself"),
    help=_("Calendar days in the organisation's time zone; until then the requester can say that it is not solved."),
    minimum=0,
    maximum=365,
)
settings.declare(
    "service_desk.complaint_days",
    int,
    14,
    _("Days until a complaint must be answered"),
    help=_("Calendar days in the organisation's time zone from the day it came in. It holds from the next one on."),
    minimum=1,
    maximum=365,
)
settings.declare(
    "service_desk.remind_before_minutes",
    int,
    30,
    _("Minutes before promised news that somebody is reminded"),
    minimum=0,
    maximum=1440,
)
settings.declare(
    "service_desk.survey",
    bool,
    True,
    _("Ask requesters how satisfied they are"),
    help=_("When a case of theirs is closed; each of them chooses not to be asked."),
)
settings.declare(
    "service_desk.survey_when_solved",
    bool,
    False,
    _("Ask for satisfaction as soon as a case is solved"),
    help=_("Otherwise when it is closed, so that nobody is asked about what did not hold."),
)
settings.declare(
    "service_desk.survey_every_days",
    int,
    30,
    _("Days in which a person is asked for satisfaction once at most"),
    help=_("0 asks about every case."),
    minimum=0,
    maximum=3650,
)
settings.declare(
    "service_desk.survey_days",
    int,
    30,
    _("Days after the solution in which a rating can be given or changed"),
    minimum=1,
    maximum=365,
)
settings.declare(
    "service_desk.survey_low",
    int,
    2,
    _("Highest rating that opens a follow-up"),
    help=_("Of 1 to 5, once for each case. 0 opens none."),
    minimum=0,
    maximum=5,
)
settings.declare(
    "service_desk.announced_hours",
    int,
    48,
    _("Hours before a planned outage by which people are to be told of it"),
    help=_("The share of those who were is shown with each announcement."),
    minimum=0,
    maximum=8760,
)
