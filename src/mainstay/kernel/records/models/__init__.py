"""The heart: the Record, and what hangs on every record whatever its kind."""

from mainstay.kernel.records.models.classification import AttributeDefinition, AttributeType, Category, StateLabel
from mainstay.kernel.records.models.conversation import (
    Attachment,
    Comment,
    Excerpt,
    ReplyState,
    ScheduledReply,
    Visibility,
)
from mainstay.kernel.records.models.record import Access, Record, RecordNumber
from mainstay.kernel.records.models.views import SavedView
from mainstay.kernel.records.models.work import Link, Snooze, Task, Watch, WorkLog

__all__ = [
    "Access",
    "Attachment",
    "AttributeDefinition",
    "AttributeType",
    "Category",
    "Comment",
    "Excerpt",
    "Link",
    "Record",
    "RecordNumber",
    "ReplyState",
    "SavedView",
    "ScheduledReply",
    "Snooze",
    "StateLabel",
    "Task",
    "Visibility",
    "Watch",
    "WorkLog",
]
