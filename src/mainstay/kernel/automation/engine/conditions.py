"""Asking conditions of a record's facts. One environment serves all conditions of a record."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import cel

from mainstay.kernel.automation.engine.language import BadCondition, fields_in, tokens_of

#: Conditions that a process keeps compiled.
KEPT = 20_000

Condition = cel.Program
#: What conditions are asked of: the facts, turned once into what the language works with.
Facts = cel.Context


@lru_cache(maxsize=KEPT)
def compiled(condition: str) -> Condition:
    """Return a condition ready to be asked. Raises BadCondition for what is none."""
    try:
        return cel.compile(condition)
    except ValueError as refused:
        raise BadCondition("language", found=str(refused)[:200]) from refused


def checked(
    condition: str, fields: Mapping[str, str], attributes: Mapping[str, str], sample: Mapping[str, Any]
) -> frozenset[str]:
    """Return the fields that a condition asks for, once it has proven itself on a sample of facts.

    Raises BadCondition for what cannot be kept, also for a pattern that is none.
    """
    used = fields_in(condition, fields, attributes)
    for part in (condition, *_patterns(condition)):
        try:
            compiled(part).execute(asked_of(sample))
        except Exception as refused:
            raise BadCondition("language", found=str(refused)[:200]) from refused
    return used


def _patterns(condition: str) -> list[str]:
    """Return each pattern as a condition of its own, for in the whole one it may not come to be asked."""
    texts = [text for _kind, text in tokens_of(condition)]
    return [f"''.matches({texts[place + 2]})" for place, text in enumerate(texts[:-2]) if text == "matches"]


def asked_for(condition: str) -> list[str]:
    """Return the names that a condition asks for, in their order; names of its own among them."""
    return compiled(condition).variables() if condition else []


def asked_of(facts: Mapping[str, Any]) -> Facts:
    """Return facts as conditions take them."""
    context = cel.Context()
    context.update(dict(facts))
    return context


def holds(condition: Condition, facts: Facts) -> bool:
    """Return whether a condition holds. Raises what the language raises, and TypeError for no yes or no."""
    answer = condition.execute(facts)
    if not isinstance(answer, bool):
        raise TypeError("a condition answers yes or no")
    return answer
