"""What practices contribute: the fields that conditions may ask for, the actions of rules, and the kinds they run for.

    rule_field("contact", "type", STRING, _("Type"))(lambda contact: contact.type)

makes `type` a field of every condition about contacts; without a kind (`""`) it is one of every kind.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.automation.engine.planning import CREATED, Categories, Deed
from mainstay.kernel.events import registry as events
from mainstay.kernel.notify.registry import Announcement, announce, concerns
from mainstay.kernel.people.models import Organisation, Person, Team
from mainstay.kernel.practice.configuration import Field
from mainstay.kernel.records.models import Record

#: What those whom a rule calls are told.
CALLED = _("A rule asks you to look at this.")
#: Reads the value of a field from a record.
Read = Callable[[Any], Any]


@dataclass(frozen=True)
class RuleField:
    """A field of conditions. `watches` names the column whose change is an occasion to ask rules.

    A field that is not `shown` stays out of the account of what rules did: it may hold what a reader may not see.
    """

    name: str
    type: str
    label: Any
    help: Any
    read: Read
    shown: bool
    watches: str


@dataclass(frozen=True)
class RuleAction:
    """An action of the closed list: a field of the rule's form, and what it means for a plan.

    `edits` turns its value into the one that the field of the same name of a record gets.
    """

    field: Field
    deed: Deed
    edits: Callable[[Any], Any] | None


@dataclass(frozen=True)
class Automated:
    """A kind of record that rules run for, and what of its practice they act through.

    `edit(record, by=, version=, values=, reason=)` and `assign(record, by=, team=, person=, reason=)` are its actions,
    `teams(organisation)` says who may be given its records, `people(team)` who of a team.
    """

    kind: str
    model: type[Record]
    capability: str
    edit: Callable[..., Any]
    assign: Callable[..., Any]
    teams: Callable[[Organisation], QuerySet[Team]]
    people: Callable[[Team], QuerySet[Person]]


_fields: dict[tuple[str, str], RuleField] = {}
_actions: dict[tuple[str, str], RuleAction] = {}
_automated: dict[str, Automated] = {}


def rule_field(
    kind: str, name: str, type: str, label: Any, help: Any = "", *, shown: bool = True, watches: str = ""
) -> Callable[[Read], Read]:
    """Register how a field of conditions is read from a record. Raises ValueError for a name that is taken."""

    def register(read: Read) -> Read:
        if (kind, name) in _fields or ("", name) in _fields:
            raise ValueError(f"the field {name} is registered twice")
        _fields[kind, name] = RuleField(name, type, label, help, read, shown, watches)
        return read

    return register


def _sets_nothing(value: Any, facts: Mapping[str, Any], categories: Categories) -> Mapping[str, Any]:
    return {}


def _refused_never(value: Any, facts: Mapping[str, Any], categories: Categories) -> str:
    return ""


def rule_action(
    kind: str,
    field: Field,
    *,
    sets: Callable[[Any, Mapping[str, Any], Categories], Mapping[str, Any]] = _sets_nothing,
    refused: Callable[[Any, Mapping[str, Any], Categories], str] = _refused_never,
    gathers: bool = False,
    edits: Callable[[Any], Any] | None = None,
) -> None:
    """Register an action by the field of its form. Raises ValueError for a name that is taken."""
    if (kind, field.name) in _actions or ("", field.name) in _actions:
        raise ValueError(f"the action {field.name} is registered twice")
    _actions[kind, field.name] = RuleAction(field, Deed(sets, refused, gathers), edits)


def automate(described: Automated) -> None:
    """Let rules run for a kind, once its fields and actions are registered."""
    kind = described.kind
    _automated[kind] = described
    events.declare(f"{kind}_rule", ("created", "edited", "retired"))
    events.declare(kind, ("called",))
    concerns(f"{kind}.called")(lambda event: set(event.data["people"]))
    announce(f"{kind}.called", Announcement("work", staff=CALLED))


def automated() -> Mapping[str, Automated]:
    """Return every kind that rules run for."""
    return _automated


def fields_of(kind: str) -> dict[str, RuleField]:
    """Return the fields that conditions about a kind may ask for, those of every kind first."""
    return {name: field for (of, name), field in _fields.items() if of in ("", kind)}


def actions_of(kind: str) -> dict[str, RuleAction]:
    """Return the actions of rules about a kind, those of every kind first."""
    return {name: action for (of, name), action in _actions.items() if of in ("", kind)}


def occasions_of(kind: str) -> Collection[str]:
    """Return the occasions on which rules about a kind may be asked."""
    return [CREATED, *(field.name for field in fields_of(kind).values() if field.watches)]
