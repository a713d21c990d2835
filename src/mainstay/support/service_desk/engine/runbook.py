"""Runbooks as they are written down: questions whose answers lead to further questions, until there is no answer left.

[light] Does the printer show a light?
- Yes -> paper
- No -> power

[power] Plug it in, then print again.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Why = Literal["empty", "line", "twice", "words", "answer", "nowhere", "unreachable", "many"]
#: The most steps of a runbook, and answers of a step.
MOST_STEPS, MOST_ANSWERS = 200, 20
STEP = re.compile(r"\[([a-z0-9-]{1,40})\]\s*(.*)")
ANSWER = re.compile(r"-\s+(.{1,200}?)\s*->\s*([a-z0-9-]{1,40})")


class Wrong(ValueError):
    """A text that is no runbook: why, in which line (0: as a whole), and the word it is about."""

    def __init__(self, why: Why, line: int, word: str = "") -> None:
        super().__init__(why)
        self.why, self.line, self.word = why, line, word


@dataclass
class Step:
    """A question or instruction, and its answers: each with the name of the step it leads to."""

    words: str
    answers: list[tuple[str, str]] = field(default_factory=list)
    line: int = 0


def parse(text: str) -> dict[str, Step]:
    """Return the steps by their names, the first one first. Raises Wrong for what leads nowhere or is never reached."""
    steps: dict[str, Step] = {}
    current: Step | None = None
    for number, line in enumerate(map(str.strip, text.splitlines()), 1):
        if opened := STEP.fullmatch(line):
            if opened[1] in steps:
                raise Wrong("twice", number, opened[1])
            current = steps[opened[1]] = Step(opened[2], line=number)
        elif line.startswith("- ") and current is not None:
            current.answers.append(_answer(line, number))
        elif line and current is not None and not current.answers:
            current.words = f"{current.words}\n{line}".strip()
        elif line:
            raise Wrong("line", number)
    _check(steps)
    return steps


def _answer(line: str, number: int) -> tuple[str, str]:
    found = ANSWER.fullmatch(line)
    if found is None:
        raise Wrong("answer", number)
    return found[1], found[2]


def _check(steps: Mapping[str, Step]) -> None:
    if not steps:
        raise Wrong("empty", 0)
    if len(steps) > MOST_STEPS or any(len(step.answers) > MOST_ANSWERS for step in steps.values()):
        raise Wrong("many", 0)
    for step in steps.values():
        if not step.words:
            raise Wrong("words", step.line)
        for _label, target in step.answers:
            if target not in steps:
                raise Wrong("nowhere", step.line, target)
    if never := set(steps) - _reached(steps):
        name = min(never, key=lambda each: steps[each].line)
        raise Wrong("unreachable", steps[name].line, name)


def _reached(steps: Mapping[str, Step]) -> set[str]:
    seen: set[str] = set()
    ahead = [next(iter(steps))]
    while ahead:
        here = ahead.pop()
        if here not in seen:
            seen.add(here)
            ahead += [target for _label, target in steps[here].answers]
    return seen
