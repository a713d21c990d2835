"""The record page: one incident with its conversation and everything around it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from mainstay.kernel.access.doors import ActingRequest, door
from mainstay.kernel.people.models import Person
from mainstay.kernel.records.attributes import definitions
from mainstay.kernel.records.queries import category_path, moves_for
from mainstay.kernel.records.surroundings import other_cases, surroundings, watchers_of
from mainstay.kernel.records.timeline import Position, timeline
from mainstay.kernel.web.pages import Kind, is_fragment, redirect, render, toast
from mainstay.support.incidents import queries
from mainstay.support.incidents.lifecycle import LIFECYCLE, S
from mainstay.support.incidents.models import Incident, Priority
from mainstay.support.incidents.views.wording import lines

#: What opens the console: those who see the internal part of some incidents. Requesters have the portal.
CONSOLE = "incident.read_internal"
#: Entries of the conversation on one page.
ENTRIES = 50


@door(CONSOLE)
@require_GET
def show(request: ActingRequest, number: str) -> HttpResponse:
    """Show an incident; a former number or another spelling leads to its present number."""
    incident = queries.get_in_console(request.actor, number)
    if incident.number != number:
        return redirect(request, "incidents:record", number=incident.number)
    return render(request, "incidents/record.html", content(request, incident))


@door(CONSOLE)
@require_GET
def history(request: ActingRequest, number: str) -> HttpResponse:
    """Show every change with its old and new values, who made it, through which door and why."""
    incident = queries.get_in_console(request.actor, number)
    entries, more = timeline(request.actor, incident, limit=200, newest_first=True, after=_position(request))
    context = {
        **head(request, incident, watchers_of(incident)),
        "tab": "history",
        "lines": lines(request.actor, entries),
        "more": _place(more),
    }
    return render(request, "incidents/history.html", context)


@door(CONSOLE)
@require_GET
def peek(request: ActingRequest, number: str) -> HttpResponse:
    """Show an incident's essentials and last words in a dialog beside the list."""
    incident = queries.get_in_console(request.actor, number)
    entries, _more = timeline(request.actor, incident, limit=6, newest_first=True)
    context = {**essentials(incident), "lines": lines(request.actor, entries)}
    return render(request, "incidents/_peek.html", context)


def state_names() -> dict[str, str]:
    """Return what agents call each state, looked up once for a page that shows many."""
    return {slug: str(state.label) for slug, state in LIFECYCLE.states.items()}


def essentials(incident: Incident) -> dict[str, Any]:
    """Return an incident with its state and its priority in words."""
    return {
        "record": incident,
        "state": LIFECYCLE.states[incident.state],
        "priority_label": Priority(incident.priority).label,
    }


def head(request: ActingRequest, incident: Incident, watchers: Iterable[Person]) -> dict[str, Any]:
    """Return what the head of every page about an incident shows."""
    return {
        **essentials(incident),
        "tab": "conversation",
        "moves": moves_for(request.actor, incident),
        "watching": any(watcher.pk == request.actor.person_id for watcher in watchers),
        "can": lambda name: request.actor.can(f"incident.{name}", incident),
        "follows": incident.state_category == S.CLOSED.category and request.actor.can("incident.reopen", incident),
    }


def content(request: ActingRequest, incident: Incident) -> dict[str, Any]:
    """Return everything the record page shows."""
    actor = request.actor
    entries, more = timeline(actor, incident, limit=ENTRIES, newest_first=True, after=_position(request))
    around = surroundings(actor, incident)
    return {
        **head(request, incident, around.watchers),
        "around": around,
        "lines": list(reversed(lines(actor, entries))),
        "earlier": _place(more),
        "cases": other_cases(actor, incident),
        "states": state_names(),
        "attributes": _attributes(incident),
        "category_path": category_path,
    }


def _attributes(incident: Incident) -> list[tuple[str, Any]]:
    if not incident.attributes:
        return []
    labels = {each.slug: each.label for each in definitions(queries.KIND, incident.category)}
    return [(labels.get(slug, slug), value) for slug, value in incident.attributes.items()]


def done(
    request: ActingRequest, number: str, message: str = "", *, kind: Kind = "success", undo: str = ""
) -> HttpResponse:
    """Answer after an action: the record page as it is now, in place for htmx, else by a redirect."""
    if message:
        toast(request, message, kind, undo=undo)
    if not is_fragment(request):
        return redirect(request, "incidents:record", number=number)
    return render(request, "incidents/_record.html", content(request, queries.get_in_console(request.actor, number)))


def in_dialog(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Answer with a form: inside the page's dialog for htmx, else as a page of its own."""
    context = {"fragment": template, **context}
    response = render(request, "incidents/dialog.html", context, fragment=template, status=status)
    if status >= 400:
        response.headers["HX-Retarget"] = "#work"
    return response


def _place(position: Position | None) -> str:
    return f"{position.occurred.isoformat()}~{position.id}" if position else ""


def _position(request: HttpRequest) -> Position | None:
    """Return where an earlier page of the timeline begins; what is not a place is the newest end."""
    occurred, _tilde, key = request.GET.get("before", "").partition("~")
    try:
        return Position(datetime.fromisoformat(occurred), int(key))
    except ValueError:
        return None
