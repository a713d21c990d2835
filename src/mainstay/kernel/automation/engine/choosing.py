"""Who of a team is given a record: the strategies, from what is known of each candidate."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

ROUND_ROBIN, LEAST_LOADED, SKILLED = "round_robin", "least_loaded", "skilled"


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be given the record now: how many open records they have, and their last turn.

    `turn` counts the turns of the team, 0 for who never had one; `skills` are those of the record's category.
    """

    person: str
    load: int = 0
    turn: int = 0
    skills: tuple[str, ...] = ()


#: By which each strategy orders, the first of all being chosen.
ORDERS: dict[str, Any] = {
    ROUND_ROBIN: lambda one: (one.turn, one.person),
    LEAST_LOADED: lambda one: (one.load, one.turn, one.person),
    SKILLED: lambda one: (-len(one.skills), one.load, one.turn, one.person),
}


def in_order(strategy: str, candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return the candidates, best first: whose turn it is longest, who has least, or who knows most of what it takes.

    Who knows nothing of it is no candidate for a skill. Those who are alike in that follow each other in turn.
    """
    able = [one for one in candidates if strategy != SKILLED or one.skills]
    return sorted(able, key=ORDERS[strategy])
