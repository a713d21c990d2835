"""The list behind the bell, and the choice of how to hear of things."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mainstay.kernel.access.doors import SIGNED_IN, ActingRequest, door
from mainstay.kernel.notify import actions, queries
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.web.pages import redirect, render, toast
from mainstay.kernel.web.queries import layout_for

TOPICS = {
    "work": gettext_lazy("Work that reaches you or your team"),
    "conversation": gettext_lazy("Messages"),
    "progress": gettext_lazy("How it goes on: started, on hold, resolved, closed"),
    "news": gettext_lazy("Announcements and planned outages"),
    "survey": gettext_lazy("Whether you are satisfied"),
}
WAYS = {
    "both": gettext_lazy("Here and by mail"),
    "app": gettext_lazy("Only here"),
    "mail": gettext_lazy("Only by mail"),
    "none": gettext_lazy("Not at all"),
}


@require_GET
@door(SIGNED_IN)
def show(request: ActingRequest) -> HttpResponse:
    """Show what the person was told, newest first."""
    lines, next_page = queries.lines(request.actor, before=_position(request.GET.get("before")))
    address = reverse("notifications:list")
    context = {
        "layout": layout_for(request.actor),
        "lines": lines,
        "next": f"{address}?before={next_page}" if next_page else None,
    }
    return render(request, "web/notifications/list.html", context)


def _position(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Invalid({"before": _("This page does not exist; begin with the newest.")})
    return int(text)


@require_POST
@door(SIGNED_IN)
def follow(request: ActingRequest, uuid: UUID) -> HttpResponse:
    """Mark a notification as read and lead to what it is about."""
    notification = queries.get(request.actor, uuid)
    actions.mark_read(notification, by=request.actor)
    if notification.record is None:
        return redirect(request, queries.address_of(request.actor, notification))
    return redirect(request, "records:record", number=notification.record.number)


@require_POST
@door(SIGNED_IN)
def read_all(request: ActingRequest) -> HttpResponse:
    """Mark everything as read."""
    actions.mark_all_read(by=request.actor)
    return redirect(request, "notifications:list")


@require_http_methods(["GET", "POST"])
@door(SIGNED_IN)
def choices(request: ActingRequest) -> HttpResponse:
    """Let the person choose, for each topic, how they hear of it."""
    if request.method == "POST":
        actions.choose(by=request.actor, choices={topic: request.POST.get(topic, "") for topic in TOPICS})
        toast(request, _("Your choice is kept."))
        return redirect(request, "notifications:list")
    chosen = queries.choices_of(request.actor)
    topics = [(topic, label, chosen[topic]) for topic, label in TOPICS.items()]
    context = {"layout": layout_for(request.actor), "topics": topics, "ways": WAYS.items()}
    return render(request, "web/notifications/choices.html", context)
