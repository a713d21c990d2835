"""Moving and editing a record of any kind in the console."""

from typing import Any

from django.forms import Form
from django.http import Http404, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.doors import ActingRequest
from mainstay.kernel.lifecycle import Move
from mainstay.kernel.practice.errors import Refusal, Stale
from mainstay.kernel.practice.registry import kinds
from mainstay.kernel.records.timeline import timeline
from mainstay.kernel.web.records.absences import warn
from mainstay.kernel.web.records.asking import Asked, asked
from mainstay.kernel.web.records.forms import ChangeForm, move_form, refuse, values_of
from mainstay.kernel.web.records.pages import Pages, done, in_dialog
from mainstay.kernel.web.records.wording import Line


def move(pages: Pages, request: ActingRequest, number: str, verb: str) -> HttpResponse:
    """Ask for what the verb takes, and make the move. What is refused comes back with all that was typed."""
    lifecycle = kinds[pages.kind].lifecycle
    if verb not in lifecycle.verbs:
        raise Http404
    record = pages.find(request.actor, number)
    chosen = lifecycle.move(verb, record.state) or lifecycle.example(verb)
    also = asked(request.actor, record, verb)
    if request.method == "GET":
        shown = {"team": record.team.slug if record.team else ""}
        form = move_form(pages.move_fields, chosen, [record.organisation], initial=shown, also=also.fields)
        return _ask_for_move(pages, request, record, chosen, form)
    form = move_form(pages.move_fields, chosen, [record.organisation], _given(request), also=also.fields)
    if not form.is_valid():
        return _ask_for_move(pages, request, record, chosen, form, 422)
    undo, before = pages.undo(record, verb), record.assignee_id
    try:
        _make(pages.moves[verb], record, request.actor, form, also)
    except Refusal as refusal:
        if not form.fields:
            return done(pages, request, number, refusal.message, kind="error")
        refuse(form, refusal)
        return _ask_for_move(pages, request, record, chosen, form, 422)
    if record.assignee_id != before:
        warn(request, record.assignee)
    return done(pages, request, number, _("%(label)s: done.") % {"label": chosen.label}, undo=undo)


def _make(action: Any, record: Any, by: Actor, form: Form, also: Asked) -> None:
    """Make the move with what it takes, and do what was asked besides."""
    given = values_of(form)
    answers = {name: given.pop(name, None) for name in also.fields}
    also.do(lambda: action(record, by=by, **given), answers)


def _given(request: ActingRequest) -> QueryDict:
    """Return what was given in the form or, for taking a move back, in the address."""
    given = request.GET.copy()
    for name, values in request.POST.lists():
        given.setlist(name, values)
    return given


def _ask_for_move(
    pages: Pages, request: ActingRequest, record: Any, chosen: Move, form: object, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "title": chosen.label,
        "address": pages.at(record.number, "move", verb=chosen.verb),
        "record": record,
    }
    return in_dialog(request, "web/records/_form.html", context, status)


def edit(pages: Pages, request: ActingRequest, number: str) -> HttpResponse:
    """Edit fields; whoever saves second sees what the first changed, with their own text kept."""
    record = pages.find(request.actor, number)
    form = pages.edit_form(record, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _ask_for_changes(pages, request, record, form, 422 if form.is_bound else 200)
    try:
        pages.edit(record, by=request.actor, version=form.cleaned_data["version"], values=form.touched())
    except Stale:
        since = _changed_since(pages, request, record, form.cleaned_data["version"])
        return _ask_for_changes(pages, request, record, form.merged(record), 409, since)
    except Refusal as refusal:
        refuse(form, refusal)
        return _ask_for_changes(pages, request, record, form, 422)
    return done(pages, request, number, _("Saved."))


def _changed_since(pages: Pages, request: ActingRequest, record: Any, version: int) -> list[Line]:
    """Return what changed the record after `version`: every edit, every move and every conversion counts one."""
    counted = {"edited", "converted", *(move.past for move in kinds[pages.kind].lifecycle.moves)}
    entries, _more = timeline(request.actor, record, limit=100, newest_first=True)
    changing = [entry for entry in entries if entry.event in counted]
    return list(reversed(pages.lines(request.actor, changing[: max(record.version - version, 0)])))


def _ask_for_changes(
    pages: Pages, request: ActingRequest, record: Any, form: ChangeForm, status: int, since: list[Line] | None = None
) -> HttpResponse:
    context = {
        "form": form,
        "title": _("Edit"),
        "submit": _("Save"),
        "address": pages.at(record.number, "edit"),
        "record": record,
        "since": since or [],
    }
    return in_dialog(request, "web/records/_form.html", context, status)
