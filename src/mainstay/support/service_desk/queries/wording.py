"""What announcements say in words, in the reader's language and zone."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.kernel.web.formats import day, day_and_time
from mainstay.support.service_desk.models import Announcement

#: What a notification says, by its event.
SENTENCES: dict[str, Any] = {
    "announcement.created": gettext_lazy("There is something that concerns you."),
    "announcement.moved": gettext_lazy("Its time has changed."),
    "announcement.cancelled": gettext_lazy("This was cancelled."),
}


def headline(row: Announcement, *, again: bool) -> str:
    """Return what there is to tell, in a sentence; `again` to whom it was told before."""
    if row.cancelled:
        return _("This does not take place: %(title)s") % {"title": row.title}
    if again:
        return _("The time of this has changed: %(title)s") % {"title": row.title}
    if row.outage:
        return _("An outage is planned that concerns you: %(title)s") % {"title": row.title}
    return row.title


def window(row: Announcement, *, zone: bool = False) -> str:
    """Return from when to when it holds in the reader's zone, which is named if wanted."""
    first, last = day_and_time(row.begins), day_and_time(row.ends)
    if timezone.localtime(row.begins).date() == timezone.localtime(row.ends).date():
        last = last.removeprefix(f"{day(row.ends)}, ")
    words = _("%(first)s to %(last)s") % {"first": first, "last": last}
    return f"{words} ({timezone.get_current_timezone_name()})" if zone else words
