"""What an actor holds, and the rows that follow from it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BigIntegerField, ForeignKey, Lookup, Q, QuerySet
from django.utils import timezone

from mainstay.kernel.access.actor import Actor, Door
from mainstay.kernel.access.engine.decision import (
    CONFIDENTIAL,
    INTERNAL,
    PUBLIC,
    REACHES,
    Reach,
    Standing,
)
from mainstay.kernel.access.models import Grant
from mainstay.kernel.people.models import Membership, Organisation, OrganisationDescent, Person, Team


@ForeignKey.register_lookup
@BigIntegerField.register_lookup
class EqualsAny(Lookup):
    """`organisation_id__equals_any=[1, 2]`: one array parameter, so the statement's text never varies."""

    lookup_name = "equals_any"

    def get_prep_lookup(self) -> Any:
        return self.rhs if hasattr(self.rhs, "as_sql") else sorted(self.rhs)

    def get_db_prep_lookup(self, value: Any, connection: Any) -> Any:
        return "%s", [value]

    def as_sql(self, compiler, connection):  # type: ignore[no-untyped-def]  # as Django has it
        left, parameters = self.process_lhs(compiler, connection)
        right, ids = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right})", [*parameters, *ids]


#: The condition that no row meets.
NOTHING = Q(pk__in=())

AS_OF = "SELECT version, (SELECT last_value FROM events_event_id_seq) FROM access_rights"

HELD = """
SELECT role.capabilities, array_agg(DISTINCT descent.descendant_id),
       (SELECT array_agg(team_id ORDER BY team_id) FROM people_membership WHERE person_id = %(person)s)
  FROM access_grant AS held
  JOIN access_role AS role ON role.id = held.role_id AND role.retired IS NULL
  JOIN people_organisationdescent AS descent ON descent.ancestor_id = held.organisation_id
 WHERE held.person_id = %(person)s
    OR held.team_id IN (SELECT membership.team_id FROM people_membership AS membership
                          JOIN people_team AS team ON team.id = membership.team_id AND team.retired IS NULL
                         WHERE membership.person_id = %(person)s)
 GROUP BY role.id
"""


def standing_of(person: Person) -> Standing:
    """Return what `person` holds now, in at most two queries. An inactive person holds nothing."""
    return _held_by(person)[0]


def _held_by(person: Person) -> tuple[Standing, int]:
    """Return what `person` holds now, and the newest event that was begun by then."""
    if not person.is_active:
        return Standing(person.pk), 0
    with connection.cursor() as cursor:
        cursor.execute(AS_OF)
        version, event = cursor.fetchone()
    return _held_at(version, person.pk), event


@lru_cache(maxsize=4096)
def _held_at(version: UUID, person: int) -> Standing:
    """Resolve what a person holds, once for each version of all rights, which the database changes with any of them.

    The version is read first: should the rights change in between, newer ones are kept under a version that nobody
    reads again.
    """
    with connection.cursor() as cursor:
        cursor.execute(HELD, {"person": person})
        rows = cursor.fetchall()
    teams = tuple(rows[0][2] or ()) if rows else ()
    return _standing(person, teams, tuple((tuple(names), tuple(organisations)) for names, organisations, _ in rows))


@lru_cache(maxsize=4096)
def _standing(
    person: int, teams: tuple[int, ...], roles: tuple[tuple[tuple[str, ...], tuple[int, ...]], ...]
) -> Standing:
    """Resolve what was read. The same rights give the same object, by which what follows from them can be kept."""
    held: dict[str, dict[Reach, frozenset[int]]] = defaultdict(dict)
    for capabilities, organisations in roles:
        for name, reach in map(_with_reach, capabilities):
            held[name][reach] = held[name].get(reach, frozenset()) | frozenset(organisations)
    return Standing(person, frozenset(teams), dict(held))


def _with_reach(capability: str) -> tuple[str, Reach]:
    name, _, suffix = capability.partition(":")
    for reach in REACHES:
        if suffix == reach or (not suffix and reach == "all"):
            return name, reach
    raise ValueError(f"{capability} has an unknown reach")


def actor_for(
    person: Person, *, door: Door, scopes: Iterable[str] | None = None, on_behalf_of: Person | None = None
) -> Actor:
    """Return `person` as an actor, narrowed to `scopes`, and to what `on_behalf_of` holds as well."""
    standing, event = _held_by(person)
    if scopes is not None:
        standing = within(standing, frozenset(scopes))
    if on_behalf_of is not None:
        standing = _both(standing, standing_of(on_behalf_of))
    return Actor(standing, door, person, on_behalf_of, as_of=event)


@lru_cache(maxsize=4096)
def within(standing: Standing, scopes: frozenset[str]) -> Standing:
    """Return the part of a standing that `scopes` (capabilities) leave; the same object for the same two."""
    return standing.within(scopes)


_both = lru_cache(maxsize=4096)(Standing.and_also)


def allowed(actor: Actor, capability: str) -> Q:
    """Return the condition on records under which `actor` may exercise `capability`: the list form of `can`."""
    standing = actor.standing
    if standing.unbounded:
        return Q()
    conditions = {
        "all": Q(access__in=(PUBLIC, INTERNAL)) | Q(access=CONFIDENTIAL, team_id__equals_any=standing.team_ids),
        "public": Q(access=PUBLIC),
        # Nobody's own is nothing: `requester_id=None` would ask for the records that have no requester.
        "own": NOTHING if standing.person_id is None else Q(access=PUBLIC, requester_id=standing.person_id),
    }
    condition = NOTHING
    for reach in REACHES:
        if organisations := standing.organisations(capability, reach):
            condition |= Q(organisation_id__equals_any=organisations) & conditions[reach]
    return condition


def teams_holding(capability: str, *organisations: Organisation) -> QuerySet[Team]:
    """Return the active teams that were granted `capability`, with full reach, for one of `organisations`."""
    above = OrganisationDescent.objects.filter(descendant__in=organisations).values("ancestor")
    grants = Grant.objects.filter(organisation__in=above, role__capabilities__contains=[capability], role__retired=None)
    return Team.objects.filter(retired=None, pk__in=grants.values("team"))


def people_holding(capability: str, *organisations: Organisation) -> QuerySet[Person]:
    """Return the active people who hold `capability`, with full reach, for one of `organisations`."""
    above = OrganisationDescent.objects.filter(descendant__in=organisations).values("ancestor")
    own = Grant.objects.filter(organisation__in=above, role__capabilities__contains=[capability], role__retired=None)
    by_team = Membership.objects.filter(team__in=teams_holding(capability, *organisations))
    return Person.objects.filter(
        Q(pk__in=own.exclude(person=None).values("person")) | Q(pk__in=by_team.values("person")), is_active=True
    )


def somebody_holds(capability: str) -> bool:
    """Return whether any active person holds `capability` in a top organisation."""
    grants = Grant.objects.filter(
        role__capabilities__contains=[capability], role__retired=None, organisation__parent=None
    )
    return Person.objects.filter(
        Q(grants__in=grants) | Q(teams__in=Team.objects.filter(retired=None, grants__in=grants)), is_active=True
    ).exists()


def managed(actor: Actor, capability: str) -> QuerySet[Organisation]:
    """Return the organisations in which `actor` holds `capability` in full."""
    if actor.standing.unbounded:
        return Organisation.objects.all()
    return Organisation.objects.filter(id__equals_any=actor.standing.organisations(capability))


def governs(actor: Actor, capability: str) -> bool:
    """Return whether `actor` holds `capability` in a top organisation: what it takes to change what all of them share.

    Roles, categories or settings belong to no organisation; whoever manages just a part of the tree must not
    change them, or the holder of a role in one corner could widen it everywhere.
    """
    standing = actor.standing
    if not (standing.unbounded or standing.organisations(capability)):
        return False
    return managed(actor, capability).filter(parent=None).exists()


RIGHTS_OF_TEAM = """
SELECT role.capabilities, array_agg(DISTINCT descent.descendant_id)
  FROM access_grant AS held
  JOIN access_role AS role ON role.id = held.role_id
  JOIN people_organisationdescent AS descent ON descent.ancestor_id = held.organisation_id
 WHERE held.team_id = %s
 GROUP BY role.id
"""


def standing_of_team(team: Team) -> Standing:
    """Return what membership of `team` hands out, also what sleeps while a role is retired."""
    with connection.cursor() as cursor:
        cursor.execute(RIGHTS_OF_TEAM, [team.pk])
        rows = cursor.fetchall()
    held: dict[str, dict[Reach, frozenset[int]]] = defaultdict(dict)
    for capabilities, organisations in rows:
        for name, reach in map(_with_reach, capabilities):
            held[name][reach] = held[name].get(reach, frozenset()) | frozenset(organisations)
    return Standing(held=dict(held))


def is_current(expires: datetime, revoked: datetime | None) -> bool:
    """Return whether something that expires or is revoked still holds."""
    return revoked is None and timezone.now() < expires


__all__ = [
    "EqualsAny",
    "actor_for",
    "allowed",
    "governs",
    "is_current",
    "managed",
    "people_holding",
    "somebody_holds",
    "standing_of",
    "standing_of_team",
    "teams_holding",
]
