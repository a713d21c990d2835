"""Everything that changes mail: sending it, and taking in what comes."""

from mainstay.kernel.mail.actions.bounces import clear_failing, mark_failing
from mainstay.kernel.mail.actions.handling import handle, set_aside_exhausted
from mainstay.kernel.mail.actions.links import issue_link, revoke_links, sweep_links
from mainstay.kernel.mail.actions.mailboxes import keep_refresh_token, note_failure, note_success, save_mailbox
from mainstay.kernel.mail.actions.quarantine import dismiss, release
from mainstay.kernel.mail.actions.receiving import take_in
from mainstay.kernel.mail.actions.sending import (
    MOST_ATTEMPTS,
    Postponed,
    Refused,
    queue,
    resend,
    send,
    send_notice,
    sweep,
)
from mainstay.kernel.mail.actions.templates import save_template, slug_of

__all__ = [
    "MOST_ATTEMPTS",
    "Postponed",
    "Refused",
    "clear_failing",
    "dismiss",
    "handle",
    "issue_link",
    "keep_refresh_token",
    "mark_failing",
    "note_failure",
    "note_success",
    "queue",
    "release",
    "resend",
    "revoke_links",
    "save_mailbox",
    "save_template",
    "send",
    "send_notice",
    "set_aside_exhausted",
    "slug_of",
    "sweep",
    "sweep_links",
    "take_in",
]
