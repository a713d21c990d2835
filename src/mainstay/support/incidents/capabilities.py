"""What can be done with incidents, the events that leaves, and the default of its settings."""

from django.utils.translation import gettext_lazy as _

from mainstay.kernel.access import registry as access
from mainstay.kernel.events import registry as events
from mainstay.kernel.practice import settings
from mainstay.kernel.practice.registry import guard
from mainstay.kernel.records.declarations import (
    RECORD_CAPABILITIES,
    RECORD_EVENTS,
    open_mandatory_tasks,
)
from mainstay.kernel.records.merged import goes_into
from mainstay.support.incidents.lifecycle import LIFECYCLE

access.declare({f"incident.{name}": label for name, label in RECORD_CAPABILITIES.items()})
access.declare({f"incident.{verb}": LIFECYCLE.example(verb).label for verb in LIFECYCLE.verbs})
access.declare({"incident.override_priority": _("Set a priority that differs from the matrix")})
access.declare(
    {
        "incident.propose_major": _("Propose a major incident"),
        "incident.decide_major": _("Decide on major incidents and lead them"),
    }
)
access.declare({"incident.configure": _("Configure incidents")})

#: What happens to a major incident; none of it is told to the requester.
MAJOR_EVENTS = tuple(f"major_{past}" for past in ("proposed", "accepted", "rejected", "appointed", "ended", "reviewed"))
events.declare("hold_reason", ("created", "edited", "retired"))
events.declare("matrix", ("edited",))
events.declare(
    "incident",
    (*RECORD_EVENTS, "imported", "reminded", *MAJOR_EVENTS, *dict.fromkeys(move.past for move in LIFECYCLE.moves)),
)

goes_into("incident", "incident")
guard("incident.resolve")(open_mandatory_tasks)

settings.declare(
    "incidents.close_after_days",
    int,
    7,
    _("Days until a resolved incident closes by itself"),
    help=_("Calendar days in the organisation's time zone; until then the requester can reopen it."),
    minimum=0,
    maximum=365,
)
settings.declare(
    "incidents.major_from_priority",
    int,
    0,
    _("Priority from which an incident is proposed as a major one"),
    help=_("1 proposes every incident of priority 1; 0 proposes none by priority."),
    minimum=0,
    maximum=5,
)
settings.declare(
    "incidents.major_from_children",
    int,
    0,
    _("Number of children from which an incident is proposed as a major one"),
    help=_("0 proposes none by its children."),
    minimum=0,
    maximum=10_000,
)
