"""Who may do what: one pure decision, and the same decision as conditions on rows.

A role holds capabilities such as `incident.resolve`. Each may carry a reach, which narrows the records it
speaks of inside the organisations of the grant:

- none (`incident.resolve`): public and internal records, and confidential ones of the holder's own teams;
- `:public` (`incident.read:public`): public records;
- `:own` (`incident.read:own`): public records whose requester the holder is.

Empty means nothing: no grant, no organisation, an unknown capability or a missing value is denied.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

Reach = Literal["all", "public", "own"]
REACHES: tuple[Reach, ...] = ("all", "public", "own")

PUBLIC, INTERNAL, CONFIDENTIAL = "public", "internal", "confidential"


class Protected(Protocol):
    """What the decision needs to know of a record."""

    organisation_id: int
    access: str
    requester_id: int | None
    team_id: int | None


@dataclass(slots=True)
class Place:
    """The same of a row that was read without its record."""

    organisation_id: int
    access: str
    requester_id: int | None
    team_id: int | None


@dataclass(frozen=True, eq=False)
class Standing:
    """What somebody holds, resolved: the organisations in which each capability is theirs, by reach.

    Each is equal to itself alone, so that what follows from it can be kept by it.
    """

    person_id: int | None = None
    team_ids: frozenset[int] = frozenset()
    #: `{"incident.read": {"all": {1, 2}, "own": {3}}}`
    held: Mapping[str, Mapping[Reach, frozenset[int]]] = field(default_factory=dict)
    #: Only the system itself: jobs and commands that act for nobody.
    unbounded: bool = False

    def organisations(self, capability: str, reach: Reach = "all") -> frozenset[int]:
        """Return the ids of the organisations in which `capability` is held with `reach`."""
        return self.held.get(capability, {}).get(reach, frozenset())

    def holds(self, capability: str) -> bool:
        """Return whether `capability` is held anywhere, with any reach."""
        return self.unbounded or any(self.held.get(capability, {}).values())

    def within(self, scopes: frozenset[str]) -> "Standing":
        """Return the part of this standing that `scopes` (capabilities) leave."""
        return Standing(
            self.person_id, self.team_ids, {name: held for name, held in self.held.items() if name in scopes}
        )

    def and_also(self, other: "Standing") -> "Standing":
        """Return what both hold, as the person of this standing: the rights of acting on behalf of another."""
        shared = {
            name: {reach: self.organisations(name, reach) & other.organisations(name, reach) for reach in REACHES}
            for name in self.held.keys() & other.held.keys()
        }
        return Standing(self.person_id, self.team_ids & other.team_ids, shared)


def permits(standing: Standing, capability: str, record: Protected) -> bool:
    """Return whether `standing` allows `capability` on `record`."""
    if standing.unbounded:
        return True
    return any(
        record.organisation_id in standing.organisations(capability, reach) and _reaches(standing, reach, record)
        for reach in REACHES
    )


def _reaches(standing: Standing, reach: Reach, record: Protected) -> bool:
    if reach == "own":
        return record.access == PUBLIC and standing.person_id is not None and record.requester_id == standing.person_id
    if reach == "public":
        return record.access == PUBLIC
    return record.access in (PUBLIC, INTERNAL) or (
        record.access == CONFIDENTIAL and record.team_id in standing.team_ids
    )
