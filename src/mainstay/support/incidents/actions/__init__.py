"""Everything that changes an incident."""

from mainstay.support.incidents.actions.fields import edit, override_priority
from mainstay.support.incidents.actions.major import propose as propose_major
from mainstay.support.incidents.actions.moves import (
    MOVES,
    assign,
    cancel,
    close,
    escalate,
    hand_over,
    hold,
    reopen,
    resolve,
    resume,
    start,
)
from mainstay.support.incidents.actions.opening import create, follow_up, take_over
from mainstay.support.incidents.actions.waiting import go_on_waiting

__all__ = [
    "MOVES",
    "assign",
    "cancel",
    "close",
    "create",
    "edit",
    "escalate",
    "follow_up",
    "go_on_waiting",
    "hand_over",
    "hold",
    "override_priority",
    "propose_major",
    "reopen",
    "resolve",
    "resume",
    "start",
    "take_over",
]
