"""What states are called: the administrator's words where there are some, else those shipped."""

from math import inf
from time import monotonic
from typing import Literal

from django.utils.translation import get_language

from mainstay.kernel.practice.registry import kinds, names_states
from mainstay.kernel.records.models import StateLabel

Audience = Literal["agents", "requesters"]
Labels = dict[tuple[str, str, str, str], str]

#: Every page shows states and names hardly ever change, so each process reads them again only after this many seconds.
KEPT = 5.0


class _Kept:
    """What this process has read, and until when it holds."""

    labels: Labels = {}
    until: float = 0.0


def state_label(kind: str, state: str, audience: Audience = "agents") -> str:
    """Return what `state` of `kind` is called in the current language. Raises KeyError for an unknown one."""
    named = kinds[kind].lifecycle.states[state]
    return str(named.label if audience == "agents" else named.requester_label)


@names_states
def own_label(kind: str, state: str, audience: str) -> str | None:
    """Return the administrator's name of a state in the current language, if there is one."""
    if monotonic() >= _Kept.until:
        rows = StateLabel.objects.values_list("kind", "state", "audience", "language", "label")
        _Kept.labels = {(kind, state, audience, code): label for kind, state, audience, code, label in rows}
        _Kept.until = monotonic() + KEPT
    return _Kept.labels.get((kind, state, audience, (get_language() or "en").partition("-")[0]))


def forget() -> None:
    """Read the names anew when next asked: they have changed."""
    _Kept.until = 0.0


def keep_shipped() -> None:
    """Use the names shipped until told to `forget`: for tests, which count queries and often have no database."""
    _Kept.labels, _Kept.until = {}, inf
