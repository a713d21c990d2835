"""The fields and actions that every kind of record has, and that rules follow what happens to records."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.automation.actions.running import ask_rules
from mainstay.kernel.automation.engine.choosing import LEAST_LOADED, ROUND_ROBIN, SKILLED
from mainstay.kernel.automation.engine.language import ATTRIBUTES, BOOL, INTEGER, LIST, STRING
from mainstay.kernel.automation.engine.planning import Categories
from mainstay.kernel.automation.registry import rule_action, rule_field
from mainstay.kernel.calendars.queries import calendars_in_use
from mainstay.kernel.people.models import Organisation, Team
from mainstay.kernel.practice import settings
from mainstay.kernel.practice.configuration import Field, Options
from mainstay.kernel.records.changes import follows
from mainstay.kernel.records.configuration import category_options
from mainstay.kernel.records.models import Category, Record

follows(ask_rules)

#: How a person of the team is chosen.
STRATEGIES = (
    (ROUND_ROBIN, _("In turn")),
    (LEAST_LOADED, _("Who has the least open work")),
    (SKILLED, _("Who knows most of what its category needs, then who has the least open work")),
)


@rule_field("", "title", STRING, _("Title"), watches="title")
def title(record: Record) -> str:
    return record.title


@rule_field("", "priority", INTEGER, _("Priority"), _("From 1 (critical) to 5 (planning)."), watches="priority")
def priority(record: Record) -> int:
    return record.priority


@rule_field("", "state", STRING, _("State"), _("As the REST interface calls it, such as new."), watches="state")
def state(record: Record) -> str:
    return record.state


@rule_field("", "access", STRING, _("Access"), _("public, internal or confidential."), watches="access")
def access(record: Record) -> str:
    return record.access


@rule_field("", "category", STRING, _("Category"), _("Its short name; empty where there is none."), watches="category")
@rule_field("", "categories", LIST, _("Categories"), _("The short names of its category and of all above it."))
def category(record: Record) -> Any:
    return ""  # filled from the tree, which is kept


@rule_field("", "organisation", STRING, _("Organisation"), _("The short name of the requester's organisation."))
def organisation(record: Record) -> str:
    return record.organisation.slug


@rule_field("", "organisations", LIST, _("Organisations"), _("The short names of that organisation and all above it."))
def organisations(record: Record) -> list[str]:
    above = Organisation.objects.filter(descents__descendant=record.organisation_id)
    return sorted(above.values_list("slug", flat=True))


@rule_field("", "team", STRING, _("Team"), _("Its short name; empty while nobody has chosen one."), watches="team")
def team(record: Record) -> str:
    return record.team.slug if record.team else ""


@rule_field("", "teams", LIST, _("Teams"), _("The short names of the teams that may be given it."), shown=False)
def teams(record: Record) -> Any:
    return []  # filled by what the kind says


@rule_field("", "assigned", BOOL, _("Assigned"), _("Whether a person has it."), watches="assignee")
def assigned(record: Record) -> bool:
    return record.assignee_id is not None


@rule_field("", "requester_domain", STRING, _("Domain of the requester"), _("What follows @ in their e-mail address."))
def requester_domain(record: Record) -> str:
    address = (record.requester.email or "") if record.requester else ""
    return address.rpartition("@")[2].lower()


@rule_field("", "weekday", INTEGER, _("Day of the week"), _("1 (Monday) to 7, where the organisation is."))
def weekday(record: Record) -> int:
    return timezone.now().astimezone(_zone(record)).isoweekday()


@rule_field("", "hour", INTEGER, _("Hour"), _("0 to 23, where the organisation is."))
def hour(record: Record) -> int:
    return timezone.now().astimezone(_zone(record)).hour


def _zone(record: Record) -> ZoneInfo:
    return ZoneInfo(record.organisation.zone)


@rule_field(
    "",
    "attributes",
    ATTRIBUTES,
    _("Custom fields"),
    _('By their short names: attributes["room"] == "12".'),
    shown=False,
    watches="attributes",
)
def attributes(record: Record) -> Any:
    return {}  # filled by what is defined


def _unknown(value: str, facts: Mapping[str, Any], categories: Categories) -> str:
    return "" if value in categories else "category"


def _classified(value: str, facts: Mapping[str, Any], categories: Categories) -> Mapping[str, Any]:
    return {"category": value, "categories": list(categories[value])}


def _does_not_work_there(value: str, facts: Mapping[str, Any], categories: Categories) -> str:
    return "" if value in facts["teams"] else "team"


def _given(value: str, facts: Mapping[str, Any], categories: Categories) -> Mapping[str, Any]:
    return {"team": value}


def _team_options() -> Options:
    return list(Team.objects.filter(retired=None).values_list("slug", "name"))


def _calendar_options() -> Options:
    return list(calendars_in_use().values_list("slug", "name"))


rule_action(
    "",
    Field("category", "choice", _("Category"), options=category_options),
    sets=_classified,
    refused=_unknown,
    edits=lambda slug: Category.objects.get(slug=slug),
)
rule_action(
    "",
    Field("team", "choice", _("Team"), _("It is given to this team."), options=_team_options, column=True),
    sets=_given,
    refused=_does_not_work_there,
)
rule_action(
    "",
    Field(
        "assignee",
        "choice",
        _("Person of the team"),
        _("Somebody of the team it then has, chosen this way when all rules have been asked."),
        options=lambda: STRATEGIES,
    ),
)
rule_action(
    "",
    Field(
        "hours",
        "choice",
        _("A person only while open"),
        _("While this calendar is closed, it waits with the team."),
        options=_calendar_options,
    ),
)
rule_action(
    "",
    Field("watchers", "choice", _("Watchers"), _("The members of this team hear of all."), options=_team_options),
    gathers=True,
)
rule_action(
    "",
    Field("call", "choice", _("Notify"), _("The members of this team are told once."), options=_team_options),
    gathers=True,
)

settings.declare(
    "automation.keep_days",
    int,
    365,
    _("Days for which the account of what rules did is kept"),
    help=_("It holds the facts that rules were asked of. What rules did stays in the history for ever."),
    minimum=1,
    maximum=3650,
)
