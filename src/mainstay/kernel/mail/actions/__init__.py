"""Everything that changes mail: sending it, and taking in what comes."""

from mainstay.kernel.mail.actions.handling import handle, set_aside_exhausted
from mainstay.kernel.mail.actions.mailboxes import keep_refresh_token, note_failure, note_success, save_mailbox
from mainstay.kernel.mail.actions.quarantine import dismiss, release
from mainstay.kernel.mail.actions.receiving import take_in
from mainstay.kernel.mail.actions.sending import (
    MOST_ATTEMPTS,
    Postponed,
    Refused,
    queue,
    send,
    send_notice,
)

__all__ = [
    "MOST_ATTEMPTS",
    "Postponed",
    "Refused",
    "dismiss",
    "handle",
    "keep_refresh_token",
    "note_failure",
    "note_success",
    "queue",
    "release",
    "save_mailbox",
    "send",
    "send_notice",
    "set_aside_exhausted",
    "take_in",
]
