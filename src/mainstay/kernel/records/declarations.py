"""What every kind of record has: its events, its capabilities, and the guard of its mandatory tasks."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.kernel.events import registry as events
from mainstay.kernel.records.merged import merged_into_it
from mainstay.kernel.records.models import Record, Task

#: Events beside those of the lifecycle's moves; a practice declares them for its kind.
RECORD_EVENTS = (
    "created",
    "edited",
    "commented",
    "mentioned",
    "reply_scheduled",
    "reply_changed",
    "reply_taken_back",
    "reply_left_out",
    "woken",
    "attached",
    "linked",
    "unlinked",
    "task_added",
    "task_done",
    "task_reopened",
    "work_logged",
    "converted",
    "mail_resent",
    "links_revoked",
    "promised",
    "update_due",
    "update_overdue",
    "merged",
    "unmerged",
    "absorbed",
    "separated",
    "split",
    "split_off",
    "split_undone",
    "given_back",
)

#: Capabilities beside those of the lifecycle's verbs; a practice declares them for its kind.
RECORD_CAPABILITIES: dict[str, Any] = {
    "read": gettext_lazy("See"),
    "read_internal": gettext_lazy("See internal notes, events and fields"),
    "create": gettext_lazy("Create"),
    "edit": gettext_lazy("Edit fields"),
    "comment": gettext_lazy("Write to the requester"),
    "note": gettext_lazy("Write internal notes"),
    "attach": gettext_lazy("Attach files"),
    "link": gettext_lazy("Link records"),
    "merge": gettext_lazy("Merge and split records"),
    "task": gettext_lazy("Manage tasks"),
    "log_work": gettext_lazy("Log working time"),
    "export": gettext_lazy("Export lists"),
}


def open_mandatory_tasks(record: Record) -> str | None:
    """Return why a record cannot be resolved while mandatory tasks are open; a practice guards its verb with it."""
    tasks = Task.objects.filter(record__in=[record.pk, *merged_into_it(record.pk)])
    count = tasks.filter(mandatory=True, done=None).count()
    return _("Mandatory tasks are still open: %(count)d.") % {"count": count} if count else None


for configured in ("category", "attribute", "state"):
    events.declare(configured, ("created", "edited", "retired"))
