"""What hangs on an incident: tasks, links, working time."""

from urllib.parse import urlencode
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mainstay.kernel.access.doors import ActingRequest, door
from mainstay.kernel.practice.errors import NotPossible, Refusal
from mainstay.kernel.records import actions
from mainstay.kernel.records.models import Task
from mainstay.kernel.records.queries import find, visible_to
from mainstay.kernel.records.surroundings import Related, related_to
from mainstay.kernel.web.records.forms import refuse, values_of
from mainstay.support.incidents import queries
from mainstay.support.incidents.forms import LINKS, LinkForm, TaskForm, WorkForm
from mainstay.support.incidents.views.record import done, in_dialog


@door("incident.task")
@require_http_methods(["GET", "POST"])
def add_task(request: ActingRequest, number: str) -> HttpResponse:
    """Add a task at the end of the list."""
    incident = queries.get_in_console(request.actor, number)
    form = TaskForm(incident, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.add_task(incident, by=request.actor, **values_of(form))
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return done(request, number)
    return _ask(request, form, _("Add a task"), "incidents:add_task", number)


@door("incident.task")
@require_POST
def finish_task(request: ActingRequest, number: str, task: UUID) -> HttpResponse:
    """Mark a task as done."""
    try:
        actions.complete_task(_task(request, number, task), by=request.actor)
    except NotPossible as refusal:
        return done(request, number, refusal.message, kind="error")
    undo = reverse("incidents:reopen_task", kwargs={"number": number, "task": task})
    return done(request, number, _("The task is done."), undo=undo)


@door("incident.task")
@require_POST
def reopen_task(request: ActingRequest, number: str, task: UUID) -> HttpResponse:
    """Mark a task as not done after all."""
    try:
        actions.reopen_task(_task(request, number, task), by=request.actor)
    except NotPossible as refusal:
        return done(request, number, refusal.message, kind="error")
    return done(request, number)


def _task(request: ActingRequest, number: str, uuid: UUID) -> Task:
    incident = queries.get_in_console(request.actor, number)
    task = Task.objects.select_related("record").filter(record_id=incident.pk, uuid=uuid).first()
    if task is None:
        raise Http404
    return task


@door("incident.link")
@require_http_methods(["GET", "POST"])
def add_link(request: ActingRequest, number: str) -> HttpResponse:
    """Link another record by its number."""
    incident = queries.get_in_console(request.actor, number)
    sent = request.POST if "number" in request.POST else request.GET  # an undo has its values in its address
    form = LinkForm(sent if request.method == "POST" else None)
    if form.is_valid():
        _label, kind, outward = LINKS[form.cleaned_data["relation"]]
        try:
            other = find(visible_to(request.actor), form.cleaned_data["number"].strip())
            source, target = (incident, other) if outward else (other, incident)
            actions.link(source, kind, target, by=request.actor)
        except Refusal as refusal:
            form.add_error("number", refusal.message)
        else:
            return done(request, number)
    return _ask(request, form, _("Link a record"), "incidents:add_link", number)


@door("incident.link")
@require_POST
def remove_link(request: ActingRequest, number: str, link: UUID) -> HttpResponse:
    """Remove a link."""
    incident = queries.get_in_console(request.actor, number)
    found = [each for each in related_to(request.actor, incident) if each.link.uuid == link]
    if not found:
        raise Http404
    try:
        actions.unlink(found[0].link, by=request.actor)
    except NotPossible as refusal:
        return done(request, number, refusal.message, kind="error")
    return done(request, number, _("The link is removed."), undo=_again(number, found[0]))


def _again(number: str, removed: Related) -> str:
    """Return the address that makes a removed link anew."""
    outward = removed.link.target_id == removed.other.pk
    relation = next(slug for slug, each in LINKS.items() if each[1:] == (removed.link.kind, outward))
    address = reverse("incidents:add_link", kwargs={"number": number})
    return f"{address}?{urlencode({'relation': relation, 'number': removed.other.number})}"


@door("incident.log_work")
@require_http_methods(["GET", "POST"])
def log_work(request: ActingRequest, number: str) -> HttpResponse:
    """Log working time."""
    incident = queries.get_in_console(request.actor, number)
    form = WorkForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.log_work(incident, by=request.actor, **values_of(form))
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return done(request, number)
    return _ask(request, form, _("Log work"), "incidents:log_work", number)


def _ask(request: ActingRequest, form: Form, title: str, name: str, number: str) -> HttpResponse:
    """Show a form; a refused one with what was typed."""
    context = {"form": form, "title": title, "address": reverse(name, kwargs={"number": number})}
    return in_dialog(request, "incidents/_form.html", context, 422 if form.is_bound else 200)
