"""The mails about a record: to whom they went, what became of them, and sending one again."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from mainstay.kernel.access.doors import ActingRequest
from mainstay.kernel.mail import actions
from mainstay.kernel.mail.announcements import announcements
from mainstay.kernel.mail.letters import sentence
from mainstay.kernel.mail.models import Delivery
from mainstay.kernel.mail.queries import deliveries, links_for, names_of_events
from mainstay.kernel.practice.errors import NotPossible
from mainstay.kernel.records.merged import parts_of
from mainstay.kernel.records.surroundings import watchers_of
from mainstay.kernel.web.pages import redirect, render, toast
from mainstay.kernel.web.records.pages import Pages, head

#: The newest mails that are shown.
MOST = 200


def listing(pages: Pages, request: ActingRequest, number: str) -> HttpResponse:
    """Show the mails about a record, the newest first."""
    record = pages.find(request.actor, number)
    found = list(deliveries(request.actor, record).order_by("-pk")[:MOST])
    events = names_of_events(found)
    context = {
        **head(pages, request, record, watchers_of(parts_of(request.actor, record)), "mails"),
        "links": list(links_for(request.actor, record).select_related("person")),
        "rows": [(each, _about(each, events)) for each in found],
    }
    return render(request, "web/records/mails.html", context)


def _about(delivery: Delivery, events: dict[int, tuple[str, str]]) -> str:
    """Return what a mail told, in the words in which its reader was told by code."""
    name, author = events.get(delivery.event_id, ("", ""))
    announcement = announcements.get(name)
    return sentence(announcement, delivery.record, delivery.person, author) if announcement else ""


def resend(pages: Pages, request: ActingRequest, number: str, delivery: UUID) -> HttpResponse:
    """Let a mail go out again."""
    record = pages.find(request.actor, number)
    found = deliveries(request.actor, record).filter(uuid=delivery).first()
    if found is None:
        raise Http404
    try:
        actions.resend(found, by=request.actor)
        toast(request, _("The mail is sent again."))
    except NotPossible as refused:
        toast(request, refused.message, "error")
    return redirect(request, pages.at(number, "mails"))


def revoke(pages: Pages, request: ActingRequest, number: str) -> HttpResponse:
    """Let the links that mails about a record carried open nothing any more."""
    actions.revoke_links(pages.find(request.actor, number), by=request.actor)
    toast(request, _("The links open nothing any more."))
    return redirect(request, pages.at(number, "mails"))
