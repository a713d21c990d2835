"""The board of announcements and planned outages, for everybody; and for those who write on it."""

from typing import Any
from uuid import UUID

from django.conf import settings as environment
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from mainstay.kernel.access.doors import SIGNED_IN, ActingRequest, door
from mainstay.kernel.practice.errors import NotPermitted, Refusal
from mainstay.kernel.web.pages import redirect, render, toast
from mainstay.kernel.web.queries import layout_for
from mainstay.kernel.web.records.forms import refuse
from mainstay.support.service_desk import actions
from mainstay.support.service_desk.engine import icalendar
from mainstay.support.service_desk.forms.announcements import AnnouncementForm, CancelForm, initial
from mainstay.support.service_desk.models import Announcement
from mainstay.support.service_desk.queries import announcements as queries
from mainstay.support.service_desk.queries.wording import window


@door(SIGNED_IN)
@require_GET
def board(request: ActingRequest) -> HttpResponse:
    """Show what is coming, what holds now and what is over, as far as it concerns the one who looks."""
    rows = queries.visible_to(request.actor)
    context = {
        "running": queries.under_way(rows),
        "coming": queries.coming(rows),
        "past": queries.past(rows)[: queries.MOST_PAST],
        "may_announce": request.actor.holds(queries.ANNOUNCE),
    }
    return _page(request, "board", context)


def _page(request: ActingRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    shared = {"layout": layout_for(request.actor), "window": window, "state_of": queries.state_of}
    return render(request, f"service_desk/announcements/{name}.html", {**shared, **context}, status=status)


@door(SIGNED_IN)
@require_GET
def show(request: ActingRequest, uuid: UUID) -> HttpResponse:
    """Show an announcement, and why it concerns the one who looks; with how many were told to who may change it."""
    row = queries.announcement(request.actor, uuid)
    may_change = queries.may_change(request.actor, row)
    context = {
        "row": row,
        "why": queries.why(request.actor.person, row),
        "may_change": may_change and queries.state_of(row) in ("coming", "running"),
        "coverage": queries.coverage(row) if may_change else None,
        "organisations": row.organisations.all() if may_change else (),
        "teams": row.teams.all() if may_change else (),
    }
    return _page(request, "show", context)


@door(SIGNED_IN)
@require_GET
def calendar(request: ActingRequest, uuid: UUID) -> HttpResponse:
    """Answer an announcement as a file for one's own calendar."""
    row = queries.announcement(request.actor, uuid)
    content = icalendar.event(
        uid=f"{row.uuid}@mainstay",
        made=row.created,
        begins=row.begins,
        ends=row.ends,
        title=row.title,
        text=row.body,
        address=f"{environment.BASE_URL}/announcements/{row.uuid}/",
        sequence=row.round - 1,
        cancelled=row.cancelled is not None,
    )
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="announcement.ics"'
    return response


@door(queries.ANNOUNCE)
@require_http_methods(["GET", "POST"])
def new(request: ActingRequest) -> HttpResponse:
    """Write an announcement."""
    form = AnnouncementForm(request.POST if request.method == "POST" else None, actor=request.actor)
    if form.is_valid():
        try:
            row = actions.announce(by=request.actor, **form.values())
        except Refusal as refused:
            refuse(form, refused)
        else:
            toast(request, _("It is announced."))
            return redirect(request, "portal:announcement", uuid=row.uuid)
    context = {"form": form, "title": _("New announcement"), "row": None, "cancels": False}
    return _page(request, "form", context, 422 if form.is_bound else 200)


def _to_change(request: ActingRequest, uuid: UUID) -> Announcement:
    row = queries.announcement(request.actor, uuid)
    if not queries.may_change(request.actor, row):
        raise NotPermitted(_("You may see this, but you do not have the right to change it."))
    return row


@door(queries.ANNOUNCE)
@require_http_methods(["GET", "POST"])
def edit(request: ActingRequest, uuid: UUID) -> HttpResponse:
    """Change an announcement. Where its time moves, all are told again."""
    row = _to_change(request, uuid)
    given = request.POST if request.method == "POST" else None
    form = AnnouncementForm(given, actor=request.actor, initial=initial(row))
    if form.is_valid():
        version = request.POST.get("version", "")
        known = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0
        try:
            actions.change_announcement(row, by=request.actor, version=known, **form.values())
        except Refusal as refused:
            refuse(form, refused)
        else:
            toast(request, _("It is changed."))
            return redirect(request, "portal:announcement", uuid=row.uuid)
    context = {"form": form, "title": _("Change the announcement"), "row": row, "cancels": False}
    return _page(request, "form", context, 422 if form.is_bound else 200)


@door(queries.ANNOUNCE)
@require_http_methods(["GET", "POST"])
def cancel(request: ActingRequest, uuid: UUID) -> HttpResponse:
    """Cancel an announcement, with a reason that those who had heard of it read."""
    row = _to_change(request, uuid)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.cancel_announcement(row, by=request.actor, reason=form.cleaned_data["reason"])
        except Refusal as refused:
            refuse(form, refused)
        else:
            toast(request, _("It is cancelled."))
            return redirect(request, "portal:announcement", uuid=row.uuid)
    context = {"form": form, "title": _("Cancel: %(title)s") % {"title": row.title}, "row": None, "cancels": True}
    return _page(request, "form", context, 422 if form.is_bound else 200)
