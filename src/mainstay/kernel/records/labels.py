"""What states are called: the administrator's words where there are some, else those shipped."""

from time import monotonic
from typing import Any, Literal

from django.utils.translation import get_language

from mainstay.kernel.practice.registry import kinds
from mainstay.kernel.records.models import StateLabel

Audience = Literal["agents", "requesters"]

#: Every page shows states and labels hardly ever change, so each process reads them again only after this many seconds.
KEPT = 5.0
_kept: dict[str, Any] = {"until": 0.0, "labels": {}}


def state_label(kind: str, state: str, audience: Audience = "agents") -> str:
    """Return what `state` of `kind` is called in the current language. Raises KeyError for an unknown one."""
    shipped = kinds[kind].lifecycle.states[state]
    own = _labels().get((kind, state, audience, (get_language() or "en").partition("-")[0]))
    return own or str(shipped.label if audience == "agents" else shipped.requester_label)


def state_labels(kind: str, audience: Audience = "agents") -> dict[str, str]:
    """Return what every state of `kind` is called, in the order of its life."""
    return {state: state_label(kind, state, audience) for state in kinds[kind].lifecycle.states}


def forget() -> None:
    """Read the labels anew when next asked: they have changed."""
    _kept["until"] = 0.0


def _labels() -> dict[tuple[str, str, str, str], str]:
    if monotonic() >= _kept["until"]:
        rows = StateLabel.objects.values_list("kind", "state", "audience", "language", "label")
        _kept["labels"] = {row[:4]: row[4] for row in rows}
        _kept["until"] = monotonic() + KEPT
    labels: dict[tuple[str, str, str, str], str] = _kept["labels"]
    return labels
