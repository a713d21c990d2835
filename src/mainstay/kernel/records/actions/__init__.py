"""Everything that changes a record, whatever its kind."""

from mainstay.kernel.records.actions.attachment import Upload, attach, attach_all, comment_with_files
from mainstay.kernel.records.actions.conversation import comment, log_work, unwatch, watch
from mainstay.kernel.records.actions.conversion import convert
from mainstay.kernel.records.actions.escalation import check_holder, escalate
from mainstay.kernel.records.actions.linking import link, unlink
from mainstay.kernel.records.actions.merging import merge, unmerge
from mainstay.kernel.records.actions.promising import call_for_news, promise, renew
from mainstay.kernel.records.actions.record import create, edit, heard, move
from mainstay.kernel.records.actions.scheduling import change_reply, schedule_reply, send_reply, take_back_reply
from mainstay.kernel.records.actions.snoozing import snooze, unsnooze
from mainstay.kernel.records.actions.splitting import split, unsplit
from mainstay.kernel.records.actions.task import add_task, complete_task, reopen_task

__all__ = [
    "Upload",
    "add_task",
    "attach",
    "attach_all",
    "call_for_news",
    "change_reply",
    "check_holder",
    "comment",
    "comment_with_files",
    "complete_task",
    "convert",
    "create",
    "edit",
    "escalate",
    "heard",
    "link",
    "log_work",
    "merge",
    "move",
    "promise",
    "renew",
    "reopen_task",
    "schedule_reply",
    "send_reply",
    "snooze",
    "split",
    "take_back_reply",
    "unlink",
    "unmerge",
    "unsnooze",
    "unsplit",
    "unwatch",
    "watch",
]
