"""Everything that changes a contact."""

from mainstay.support.service_desk.actions.announcing import announce, cancel_announcement, change_announcement
from mainstay.support.service_desk.actions.broadcasting import broadcast, write_to
from mainstay.support.service_desk.actions.calling import take_call
from mainstay.support.service_desk.actions.fields import edit
from mainstay.support.service_desk.actions.following import (
    comment_and_pass_on,
    follow,
    follow_by_policy,
    let_follow,
    move_and_let_follow,
    pass_on,
)
from mainstay.support.service_desk.actions.guiding import (
    answer_runbook,
    attach_checklist,
    go_back_in_runbook,
    keep_checklists,
    start_runbook,
)
from mainstay.support.service_desk.actions.macros import apply_macro
from mainstay.support.service_desk.actions.moves import (
    MOVES,
    answer,
    assign,
    cancel,
    close,
    escalate,
    hand_over,
    reopen,
    start,
)
from mainstay.support.service_desk.actions.opening import create, follow_up, take_in
from mainstay.support.service_desk.actions.rating import ask_for_rating, rate
from mainstay.support.service_desk.actions.relaying import needs_relaying, relay
from mainstay.support.service_desk.actions.splitting import split, unsplit
from mainstay.support.service_desk.actions.telling import mail_tellings, tell
from mainstay.support.service_desk.actions.turning import turn_into_incident

__all__ = [
    "MOVES",
    "announce",
    "answer",
    "answer_runbook",
    "apply_macro",
    "ask_for_rating",
    "assign",
    "attach_checklist",
    "broadcast",
    "cancel",
    "cancel_announcement",
    "change_announcement",
    "close",
    "comment_and_pass_on",
    "create",
    "edit",
    "escalate",
    "follow",
    "follow_by_policy",
    "follow_up",
    "go_back_in_runbook",
    "hand_over",
    "keep_checklists",
    "let_follow",
    "mail_tellings",
    "move_and_let_follow",
    "needs_relaying",
    "pass_on",
    "rate",
    "relay",
    "reopen",
    "split",
    "start",
    "start_runbook",
    "take_call",
    "take_in",
    "tell",
    "turn_into_incident",
    "unsplit",
    "write_to",
]
