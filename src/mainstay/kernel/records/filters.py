"""What lists of records can be filtered by. What is not in this table cannot be asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.queries import managed
from mainstay.kernel.lifecycle import CATEGORIES, State
from mainstay.kernel.people.models import Organisation, OrganisationDescent, Person, Team
from mainstay.kernel.practice.apps import names_of_records
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.practice.registry import kinds
from mainstay.kernel.records.attention import ATTENTIONS
from mainstay.kernel.records.models import Category, Snooze
from mainstay.kernel.rest.references import known_people, known_teams


@dataclass(frozen=True)
class Chosen:
    """A value of a filter: as the address says it, as a person reads it, and the column's values it stands for."""

    value: str
    label: str
    keys: tuple[Any, ...]


Chooser = Callable[[Actor, str, Sequence[str]], list[Chosen]]
Offers = Callable[[Actor], list[Chosen]]


@dataclass(frozen=True)
class Filter:
    """A filter on a column, or any of several; `chooser` finds what given values stand for, without unknown ones.

    `offers` are the values, of whatever kind, that an actor may know of: what a search may name and say; without it
    only lists know the filter. `named` finds further ones, too many to be offered, by a name. An `internal` column is
    for those who read internal parts.
    """

    slug: str
    label: Any
    column: str
    chooser: Chooser
    offers: Offers | None = None
    named: Callable[[Actor, str], list[Chosen]] | None = None
    internal: bool = False
    also: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns, any of which may hold what is asked for."""
        return (self.column, *self.also)

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
        """Return the condition that a column holds one of the values; None stands for an empty column."""
        keys = [key for chosen in values for key in chosen.keys]
        condition = Q()
        for column in self.columns:
            condition |= Q(**{f"{column}__in": [key for key in keys if key is not None]})
            condition |= Q(**{f"{column}__isnull": True}) if None in keys else Q()
        return condition


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


def _every_state(actor: Actor) -> list[Chosen]:
    return _states(actor, "", list(states_of("")))


def _every_kind(actor: Actor) -> list[Chosen]:
    return _kinds(actor, "", list(names_of_records()))


def _phases(actor: Actor, kind: str, values: Sequence[str]) -> list[Chosen]:
    return [Chosen(value, str(PHASES[value]), (value,)) for value in values if value in CATEGORIES]


PRIORITIES = ("1", "2", "3", "4", "5")


def _priorities(actor: Actor, kind: str, values: Sequence[str]) -> list[Chosen]:
    return [Chosen(value, value, (int(value),)) for value in values if value in PRIORITIES]


def _attentions(actor: Actor, kind: str, values: Sequence[str]) -> list[Chosen]:
    every = {"any": Chosen("any", _("Any"), tuple(ATTENTIONS))}
    every |= {reason: Chosen(reason, str(label), (reason,)) for reason, label in ATTENTIONS.items()}
    return [every[value] for value in values if value in every]


def _every_attention(actor: Actor) -> list[Chosen]:
    return _attentions(actor, "", ["any", *ATTENTIONS])


def _mine_or_none(actor: Actor) -> dict[str, Chosen]:
    return {
        "mine": Chosen("mine", _("My teams"), tuple(sorted(actor.standing.team_ids))),
        "none": Chosen("none", _("None"), (None,)),
    }


def _teams(actor: Actor, kind: str, values: Sequence[str]) -> list[Chosen]:
    special = _mine_or_none(actor)
    rows = _rows(Team, "slug", [value for value in values if value not in special])
    return [special[value] for value in values if value in special] + [
        Chosen(slug, name, (key,)) for key, slug, name in rows
    ]


def _known_teams(actor: Actor) -> list[Chosen]:
    rows = known_teams(actor).order_by("slug").values_list("pk", "slug", "name")
    return [*_mine_or_none(actor).values(), *(Chosen(slug, name, (key,)) for key, slug, name in rows)]


def _me_or_nobody(actor: Actor) -> dict[str, Chosen]:
    return {"me": Chosen("me", _("Me"), (actor.person_id or 0,)), "nobody": Chosen("nobody", _("Nobody"), (None,))}


def _people_called(actor: Actor, name: str) -> list[Chosen]:
    """Return the people whom `actor` may know of with this name or e-mail address, as one choice."""
    called = Q(name__iexact=name) | Q(email__iexact=name)
    keys = tuple(known_people(actor).filter(called).order_by("pk").values_list("pk", flat=True))
    return [Chosen(name, name, keys)] if keys else []


def _people(actor: Actor, kind: str, values: Sequence[str]) -> list[Chosen]:
    special = _me_or_nobody(actor)
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
    return [chosen for chosen in _every_category(actor) if chosen.value in values]


def _every_category(actor: Actor) -> list[Chosen]:
    """A category stands for itself and all below it."""
    rows = list(Category.objects.values_list("pk", "slug", "name", "parent"))
    below: dict[int | None, list[int]] = {}
    for key, _slug, _name, parent in rows:
        below.setdefault(parent, []).append(key)

    def family(key: int) -> tuple[int, ...]:
        return (key, *(each for child in below.get(key, ()) for each in family(child)))

    return [Chosen(slug, name, family(key)) for key, slug, name, _parent in rows]


def _organisations(actor: Actor, kind: str, values: Sequence[str]) -> list[Chosen]:
    return _with_all_below(_rows(Organisation, "slug", values))


def _known_organisations(actor: Actor) -> list[Chosen]:
    return _with_all_below(list(managed(actor, "people.read").order_by("slug").values_list("pk", "slug", "name")))


def _with_all_below(rows: Sequence[tuple[Any, ...]]) -> list[Chosen]:
    """An organisation stands for itself and all below it."""
    below: dict[int, list[int]] = {key: [] for key, _slug, _name in rows}
    descents = OrganisationDescent.objects.filter(ancestor__in=below) if below else OrganisationDescent.objects.none()
    for above, descendant in descents.order_by("descendant").values_list("ancestor", "descendant"):
        below[above].append(descendant)
    return [Chosen(slug, name, tuple(below[key])) for key, slug, name in rows]


def _rows(model: type[Model], field: str, values: Sequence[str]) -> list[tuple[Any, ...]]:
    if not values:
        return []
    return list(model._default_manager.filter(**{f"{field}__in": values}).values_list("pk", field, "name"))


def _every(chooser: Chooser, values: Sequence[str]) -> Offers:
    return lambda actor: chooser(actor, "", values)


def _special(actor: Actor) -> list[Chosen]:
    return list(_me_or_nobody(actor).values())


SNOOZED = {"yes": gettext_lazy("Put aside by me"), "no": gettext_lazy("Not put aside by me")}


def _snoozed(actor: Actor, kind: str, values: Sequence[str]) -> list[Chosen]:
    return [Chosen(value, str(SNOOZED[value]), (actor.person_id or 0,)) for value in values if value in SNOOZED]


class BySnooze(Filter):
    """What the one who looks put aside, or all else; both together are everything."""

    def condition(self, values: Sequence[Chosen]) -> Q:
        """Return the condition that the person put it aside, or that they did not."""
        condition = Q(pk__in=())
        for chosen in values:
            own = Q(pk__in=Snooze.objects.filter(person__in=chosen.keys).values("record"))
            condition |= own if chosen.value == "yes" else ~own
        return condition


FILTERS: dict[str, Filter] = {
    each.slug: each
    for each in (
        Filter("kind", gettext_lazy("Kind"), "kind", _kinds, _every_kind),
        Filter("state", gettext_lazy("State"), "state", _states, _every_state),
        Filter("phase", gettext_lazy("Phase"), "state_category", _phases, _every(_phases, CATEGORIES)),
        Filter("priority", gettext_lazy("Priority"), "priority", _priorities, _every(_priorities, PRIORITIES)),
        Filter("attention", gettext_lazy("Attention"), "attention", _attentions, _every_attention, internal=True),
        Filter("team", gettext_lazy("Team"), "team_id", _teams, _known_teams),
        Filter("owner", gettext_lazy("Owner"), "owner_id", _teams, _known_teams),
        Filter("assignee", gettext_lazy("Assignee"), "assignee_id", _people, _special, _people_called, internal=True),
        Filter("category", gettext_lazy("Category"), "category_id", _categories, _every_category),
        Filter("requester", gettext_lazy("Caller"), "requester_id", _people, _special, _people_called),
        Filter("organisation", gettext_lazy("Organisation"), "organisation_id", _organisations, _known_organisations),
        BySnooze("snoozed", gettext_lazy("Put aside"), "", _snoozed, internal=True),
    )
}


def offer(contributed: Filter) -> None:
    """Let lists be filtered by what only one practice knows of its records; a slug that is taken is a mistake."""
    if contributed.slug in FILTERS:
        raise ValueError(f"the filter {contributed.slug} is there already")
    FILTERS[contributed.slug] = contributed
