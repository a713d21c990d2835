"""The priority matrix, the reasons for a hold and the rules about incidents as configuration rows."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.kernel.automation.configuration import rules_of
from mainstay.kernel.automation.engine.language import INTEGER, STRING
from mainstay.kernel.automation.engine.planning import Categories
from mainstay.kernel.automation.registry import Automated, automate, rule_action, rule_field
from mainstay.kernel.events.actions import Author
from mainstay.kernel.people.configuration import RETIRED
from mainstay.kernel.practice.configuration import ConfigurationKind, Field, Options, Row, register
from mainstay.support.incidents import actions
from mainstay.support.incidents.actions.configuration import save_hold_reason, set_matrix
from mainstay.support.incidents.models import HoldReason, Incident, Level, PriorityRule
from mainstay.support.incidents.queries import assignable_people, assignable_teams, priority_for


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


@rule_field("incident", "text", STRING, _("Text"), _("The first 10,000 characters of its description."), shown=False)
def text_of(incident: Incident) -> str:
    return incident.description


@rule_field("incident", "source", STRING, _("Opened in"), _("portal, console, phone, mail, walk_in or api."))
def source_of(incident: Incident) -> str:
    return incident.source


@rule_field("incident", "impact", INTEGER, _("Impact"), _("From 1 (high) to 3 (low)."), watches="impact")
def impact_of(incident: Incident) -> int:
    return incident.impact


@rule_field("incident", "urgency", INTEGER, _("Urgency"), _("From 1 (high) to 3 (low)."), watches="urgency")
def urgency_of(incident: Incident) -> int:
    return incident.urgency


def _level(name: str) -> Callable[[str, Mapping[str, Any], Categories], Mapping[str, Any]]:
    """Return what setting impact or urgency means: another level gives the matrix's priority."""

    def sets(value: str, facts: Mapping[str, Any], categories: Categories) -> Mapping[str, Any]:
        if facts[name] == int(value):
            return {}
        after = {**facts, name: int(value)}
        return {name: int(value), "priority": priority_for(after["impact"], after["urgency"])}

    return sets


def _levels() -> Options:
    return [(str(value), label) for value, label in Level.choices]


for name, label in (("impact", _("Impact")), ("urgency", _("Urgency"))):
    rule_action("incident", Field(name, "choice", label, options=_levels), sets=_level(name), edits=int)

automate(
    Automated(
        "incident", Incident, "incident.configure", actions.edit, actions.assign, assignable_teams, assignable_people
    )
)
register(rules_of("incident", "incident.configure", _("Rules for incidents"), _("Rule for incidents")))
