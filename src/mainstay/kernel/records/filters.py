"""What lists of records can be filtered by. What is not in this table cannot be asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.lifecycle import CATEGORIES, State
from mainstay.kernel.people.models import Organisation, OrganisationDescent, Person, Team
from mainstay.kernel.practice.apps import names_of_records
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.practice.registry import kinds
from mainstay.kernel.records.models import Category


@dataclass(frozen=True)
class Chosen:
    """A value of a filter: as the address says it, as a person reads it, and the column's values it stands for."""

    value: str
    label: str
    keys: tuple[Any, ...]


Chooser = Callable[[Actor, str, Sequence[str]], list[Chosen]]


@dataclass(frozen=True)
class Filter:
    """A filter on one column; `chooser` finds what the given values stand for and leaves out what it does not know."""

    slug: str
    label: Any
    column: str
    chooser: Chooser

    def choose(self, actor: Actor, kind: str, values: Sequence[str]) -> tuple[Chosen, ...]:
        """Return what `values` stand for. Raises Invalid naming the first unknown one."""
        found = {chosen.value: chosen for chosen in self.chooser(actor, kind, values)}
        for value in values:
            if value not in found:
                raise Invalid(
                    {self.slug: _("%(filter)s: there is no %(value)s.") % {"filter": self.label, "value": value}}
                )
        return tuple(found[value] for value in values)

    def condition(self, values: Sequence[Chosen]) -> Q:
        """Return the condition that the column holds one of the values; None stands for an empty column."""
        keys = [key for chosen in values for key in chosen.keys]
        condition = Q(**{f"{self.column}__in": [key for key in keys if key is not None]})
        return condition | Q(**{f"{self.column}__isnull": True}) if None in keys else condition


def states_of(kind: str) -> dict[str, State]:
    """Return the states of a kind by slug; of every kind where none is named, the first that has it naming it."""
    every = [each.lifecycle.states for name, each in kinds.items() if kind in ("", name)]
    return {slug: state for states in reversed(every) for slug, state in states.items()}


def _states(actor: Actor, kind: str, values: Sequence[str]) -> list[Chosen]:
    states = states_of(kind)
    return [Chosen(value, str(states[value].label), (value,)) for value in values if value in states]


def _kinds(actor: Actor, kind: str, values: Sequence[str]) -> list[Chosen]:
    called = names_of_records()
    return [Chosen(value, str(called[value]), (value,)) for value in values if value in called]


PHASES = {
    "open": gettext_lazy("Open"),
    "paused": gettext_lazy("On hold"),
    "resolved": gettext_lazy("Resolved"),
    "closed": gettext_lazy("Closed"),
}


def _phases(actor: Actor, kind: str, values: Sequence[str]) -> list[Chosen]:
    return [Chosen(value, str(PHASES[value]), (value,)) for value in values if value in CATEGORIES]


def _priorities(actor: Actor, kind: str, values: Sequence[str]) -> list[Chosen]:
    return [Chosen(value, value, (int(value),)) for value in values if value in ("1", "2", "3", "4", "5")]


def _teams(actor: Actor, kind: str, values: Sequence[str]) -> list[Chosen]:
    special = {
        "mine": Chosen("mine", _("My teams"), tuple(sorted(actor.standing.team_ids))),
        "none": Chosen("none", _("None"), (None,)),
    }
    rows = _rows(Team, "slug", [value for value in values if value not in special])
    return [special[value] for value in values if value in special] + [
        Chosen(slug, name, (key,)) for key, slug, name in rows
    ]


def _people(actor: Actor, kind: str, values: Sequence[str]) -> list[Chosen]:
    special = {"me": Chosen("me", _("Me"), (actor.person_id or 0,)), "nobody": Chosen("nobody", _("Nobody"), (None,))}
    named = [value for value in values if value not in special and _is_uuid(value)]
    return [special[value] for value in values if value in special] + [
        Chosen(str(uuid), name, (key,)) for key, uuid, name in _rows(Person, "uuid", named)
    ]


def _is_uuid(value: str) -> bool:
    try:
        return str(UUID(value)) == value
    except ValueError:
        return False


def _categories(actor: Actor, kind: str, values: Sequence[str]) -> list[Chosen]:
    """A category stands for itself and all below it."""
    rows = list(Category.objects.values_list("pk", "slug", "name", "parent"))
    below: dict[int | None, list[int]] = {}
    for key, _slug, _name, parent in rows:
        below.setdefault(parent, []).append(key)

    def family(key: int) -> tuple[int, ...]:
        return (key, *(each for child in below.get(key, ()) for each in family(child)))

    return [Chosen(slug, name, family(key)) for key, slug, name, _parent in rows if slug in values]


def _organisations(actor: Actor, kind: str, values: Sequence[str]) -> list[Chosen]:
    """An organisation stands for itself and all below it."""
    return [
        Chosen(slug, name, tuple(OrganisationDescent.objects.filter(ancestor=key).values_list("descendant", flat=True)))
        for key, slug, name in _rows(Organisation, "slug", values)
    ]


def _rows(model: type[Model], field: str, values: Sequence[str]) -> list[tuple[Any, ...]]:
    if not values:
        return []
    return list(model._default_manager.filter(**{f"{field}__in": values}).values_list("pk", field, "name"))


FILTERS: dict[str, Filter] = {
    each.slug: each
    for each in (
        Filter("kind", gettext_lazy("Kind"), "kind", _kinds),
        Filter("state", gettext_lazy("State"), "state", _states),
        Filter("phase", gettext_lazy("Phase"), "state_category", _phases),
        Filter("priority", gettext_lazy("Priority"), "priority", _priorities),
        Filter("team", gettext_lazy("Team"), "team_id", _teams),
        Filter("owner", gettext_lazy("Owner"), "owner_id", _teams),
        Filter("assignee", gettext_lazy("Assignee"), "assignee_id", _people),
        Filter("category", gettext_lazy("Category"), "category_id", _categories),
        Filter("requester", gettext_lazy("Caller"), "requester_id", _people),
        Filter("organisation", gettext_lazy("Organisation"), "organisation_id", _organisations),
    )
}


def offer(contributed: Filter) -> None:
    """Let lists be filtered by what only one practice knows of its records; a slug that is taken is a mistake."""
    if contributed.slug in FILTERS:
        raise ValueError(f"the filter {contributed.slug} is there already")
    FILTERS[contributed.slug] = contributed
