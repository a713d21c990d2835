"""The lifecycle machine. Pure: it knows nothing of databases, people or time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

Category = Literal["open", "paused", "resolved", "closed"]

#: What clocks, queues and counters read, so that they need not know any practice's states.
CATEGORIES: tuple[Category, ...] = ("open", "paused", "resolved", "closed")


@dataclass(frozen=True)
class State:
    """A state: its slug, its category, and its name for agents and for requesters."""

    slug: str
    category: Category
    label: Any = field(compare=False)
    requester_label: Any = field(compare=False)


@dataclass(frozen=True)
class Move:
    """A verb that leads from any of `sources` to `target`.

    `requires` and `accepts` name the values the verb must and may be given; `past` names the event it leaves.
    The same verb may stand in several moves if their sources differ.
    """

    verb: str
    sources: tuple[State, ...]
    target: State
    past: str
    label: Any = field(default="", compare=False)
    requires: tuple[str, ...] = ()
    accepts: tuple[str, ...] = ()


class Lifecycle:
    """States and moves of one kind of record.

    `merged` is the state of what goes on as part of another record: no move leads there or away.

    Raises ValueError when two moves of one verb start in the same state, or a state cannot be reached.
    """

    def __init__(self, initial: State, moves: Iterable[Move], merged: State | None = None) -> None:
        self.initial = initial
        self.merged = merged
        self.moves = tuple(moves)
        self._by_verb_and_source: dict[tuple[str, str], Move] = {}
        for move in self.moves:
            for source in move.sources:
                if (move.verb, source.slug) in self._by_verb_and_source:
                    raise ValueError(f"two moves '{move.verb}' start in '{source.slug}'")
                self._by_verb_and_source[move.verb, source.slug] = move
        unreachable = {state.slug for state in self._mentioned()} - self.reachable(initial.slug)
        if unreachable:
            raise ValueError(f"no move leads to {', '.join(sorted(unreachable))}")

    def _mentioned(self) -> Iterator[State]:
        yield self.initial
        for move in self.moves:
            yield from move.sources
            yield move.target

    @property
    def states(self) -> dict[str, State]:
        """All states by slug, in the order in which the moves mention them; the one of what was merged comes last."""
        aside = (self.merged,) if self.merged else ()
        return {state.slug: state for state in (*self._mentioned(), *aside)}

    @property
    def verbs(self) -> tuple[str, ...]:
        """All verbs, each once, in the order of the moves."""
        return tuple(dict.fromkeys(move.verb for move in self.moves))

    def move(self, verb: str, state: str) -> Move | None:
        """Return the move that `verb` makes from `state`, or None if it makes none."""
        return self._by_verb_and_source.get((verb, state))

    def moves_from(self, state: str) -> tuple[Move, ...]:
        """Return the moves that start in `state`, in the order of the lifecycle."""
        return tuple(move for move in self.moves if any(source.slug == state for source in move.sources))

    def example(self, verb: str) -> Move:
        """Return the first move of `verb`, for what all moves of a verb share: label, event, values."""
        return next(move for move in self.moves if move.verb == verb)

    def in_category(self, *categories: Category) -> tuple[str, ...]:
        """Return the slugs of the states in the given categories."""
        return tuple(slug for slug, state in self.states.items() if state.category in categories)

    def reachable(self, state: str) -> set[str]:
        """Return the slugs of all states that moves can reach from `state`, itself included."""
        seen: set[str] = set()
        ahead = [state]
        while ahead:
            here = ahead.pop()
            if here not in seen:
                seen.add(here)
                ahead += [move.target.slug for move in self.moves_from(here)]
        return seen

    def figure(self) -> str:
        """Return the lifecycle as a Mermaid state diagram, for a README."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial.slug}"]
        lines += [
            f"    {source.slug} --> {move.target.slug}: {move.verb}" for move in self.moves for source in move.sources
        ]
        return "\n".join(lines)
