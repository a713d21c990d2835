"""The priority matrix, the reasons for a hold and the rules of assignment as configuration rows."""

from django.utils.translation import gettext_lazy as _

from mainstay.kernel.events.actions import Author
from mainstay.kernel.people.configuration import RETIRED, organisation_options
from mainstay.kernel.people.models import Organisation, Team
from mainstay.kernel.practice.configuration import ConfigurationKind, Field, Options, Row, register
from mainstay.kernel.records.configuration import category_options
from mainstay.kernel.records.models import Category
from mainstay.support.incidents.actions.configuration import save_assignment_rule, save_hold_reason, set_matrix
from mainstay.support.incidents.models import AssignmentRule, HoldReason, PriorityRule, Source


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


def _team_options() -> Options:
    return list(Team.objects.filter(retired=None).values_list("slug", "name"))


def _assignment_rules() -> dict[str, Row]:
    return {
        row.slug: {
            "name": row.name,
            "position": row.position,
            "category": row.category.slug if row.category else None,
            "organisation": row.organisation.slug if row.organisation else None,
            "source": row.source or None,
            "team": row.team.slug,
            "retired": row.retired is not None,
        }
        for row in AssignmentRule.objects.select_related("category", "organisation", "team")
    }


def _write_assignment_rule(*, by: Author, key: str, values: Row) -> None:
    found = {
        "category": Category.objects.filter(slug=values["category"]).first(),
        "organisation": Organisation.objects.filter(slug=values["organisation"]).first(),
        "team": Team.objects.get(slug=values["team"]),
        "source": values["source"] or "",
    }
    save_assignment_rule(by=by, slug=key, **{**values, **found})


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
register(
    ConfigurationKind(
        name="assignment-rules",
        label=_("Assignment rules"),
        singular=_("Assignment rule"),
        icon="git-branch",
        capability="incident.configure",
        subject="assignment_rule",
        help=_("Which team an incident goes to when it is opened without one. The first rule that fits decides."),
        fields=(
            Field("name", "text", _("Name"), _("The history gives it as the reason."), required=True, column=True),
            Field("position", "number", _("Position"), _("Lower numbers come first."), column=True),
            Field("category", "choice", _("Category"), _("And all below it."), options=category_options, column=True),
            Field(
                "organisation",
                "choice",
                _("Organisation"),
                _("And all below it."),
                options=organisation_options,
                column=True,
            ),
            Field("source", "choice", _("Opened in"), options=lambda: Source.choices, column=True),
            Field("team", "choice", _("Team"), required=True, options=_team_options, column=True),
            RETIRED,
        ),
        read=_assignment_rules,
        write=_write_assignment_rule,
        find=lambda key: AssignmentRule.objects.filter(slug=key).first(),
    )
)
