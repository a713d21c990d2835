"""The priority matrix and the reasons for a hold as configuration rows."""

from django.utils.translation import gettext_lazy as _

from mainstay.kernel.events.actions import Author
from mainstay.kernel.people.configuration import RETIRED
from mainstay.kernel.practice.configuration import ConfigurationKind, Field, Row, register
from mainstay.support.incidents.actions.configuration import save_hold_reason, set_matrix
from mainstay.support.incidents.models import HoldReason, PriorityRule


def _hold_reasons() -> dict[str, Row]:
    return {
        row.slug: {
            "name": row.name,
            "requester_label": row.requester_label,
            "reminder_days": row.reminder_days,
            "reminders": row.reminders,
            "solution": row.solution,
            "position": row.position,
            "retired": row.retired is not None,
        }
        for row in HoldReason.objects.all()
    }


def _write_hold_reason(*, by: Author, key: str, values: Row) -> None:
    save_hold_reason(by=by, slug=key, **values)


def _matrix() -> dict[str, Row]:
    return {f"{row.impact}x{row.urgency}": {"priority": row.priority} for row in PriorityRule.objects.all()}


def _write_cell(*, by: Author, key: str, values: Row) -> None:
    impact, urgency = map(int, key.split("x"))
    set_matrix(by=by, priorities={(impact, urgency): values["priority"]})


REMINDING = (
    Field(
        "reminder_days",
        "number",
        _("Days between reminders"),
        _("So long after the hold began, and after each reminder, the caller is reminded. 0: nobody is."),
        maximum=365,
    ),
    Field("reminders", "number", _("Reminders at most"), default=2, minimum=1, maximum=20),
    Field(
        "solution",
        "long_text",
        _("Solution without an answer"),
        _("Resolves the incident when so many days have passed after the last reminder as well. Empty: it waits on."),
        longest=500,
    ),
)

register(
    ConfigurationKind(
        name="hold-reasons",
        label=_("On-hold reasons"),
        singular=_("On-hold reason"),
        icon="player-pause",
        capability="incident.configure",
        subject="hold_reason",
        help=_("Why an incident waits, and what its requester reads meanwhile."),
        fields=(
            Field("name", "text", _("Name"), required=True, column=True, longest=100),
            Field("requester_label", "text", _("What requesters read"), column=True),
            *REMINDING,
            Field("position", "number", _("Position"), _("Lower numbers come first."), column=True),
            RETIRED,
        ),
        read=_hold_reasons,
        write=_write_hold_reason,
        find=lambda key: HoldReason.objects.filter(slug=key).first(),
    )
)
register(
    ConfigurationKind(
        name="priority-matrix",
        label=_("Priority matrix"),
        singular=_("Priority"),
        icon="layout-dashboard",
        capability="incident.configure",
        subject="matrix",
        help=_("The priority that impact and urgency give together."),
        fields=(Field("priority", "number", _("Priority"), required=True, minimum=1, maximum=5),),
        read=_matrix,
        write=_write_cell,
        fixed=True,
        page="incidents:matrix",
    )
)
