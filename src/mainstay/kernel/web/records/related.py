"""What hangs on a record of any kind: tasks, links, working time."""

from urllib.parse import urlencode
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from mainstay.kernel.access.doors import ActingRequest
from mainstay.kernel.practice.errors import NotPossible, Refusal
from mainstay.kernel.records import actions
from mainstay.kernel.records.merged import parts_of
from mainstay.kernel.records.models import Task
from mainstay.kernel.records.queries import find
from mainstay.kernel.records.surroundings import Related, related_to
from mainstay.kernel.web.records.forms import LINKS, LinkForm, TaskForm, WorkForm, refuse, values_of
from mainstay.kernel.web.records.pages import Pages, done, in_dialog


def add_task(pages: Pages, request: ActingRequest, number: str) -> HttpResponse:
    """Add a task at the end of the list."""
    record = pages.find(request.actor, number)
    form = TaskForm(pages.people([record.organisation]), request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.add_task(record, by=request.actor, **values_of(form))
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return done(pages, request, number)
    return _ask(pages, request, form, _("Add a task"), "add_task", number)


def finish_task(pages: Pages, request: ActingRequest, number: str, task: UUID) -> HttpResponse:
    """Mark a task as done."""
    try:
        actions.complete_task(_task(pages, request, number, task), by=request.actor)
    except NotPossible as refusal:
        return done(pages, request, number, refusal.message, kind="error")
    undo = pages.at(number, "reopen_task", task=task)
    return done(pages, request, number, _("The task is done."), undo=undo)


def reopen_task(pages: Pages, request: ActingRequest, number: str, task: UUID) -> HttpResponse:
    """Mark a task as not done after all."""
    try:
        actions.reopen_task(_task(pages, request, number, task), by=request.actor)
    except NotPossible as refusal:
        return done(pages, request, number, refusal.message, kind="error")
    return done(pages, request, number)


def _task(pages: Pages, request: ActingRequest, number: str, uuid: UUID) -> Task:
    record = pages.find(request.actor, number)
    here = parts_of(request.actor, record).whole
    task = Task.objects.select_related("record").filter(record__in=here, uuid=uuid).first()
    if task is None:
        raise Http404
    return task


def add_link(pages: Pages, request: ActingRequest, number: str) -> HttpResponse:
    """Link another record by its number."""
    record = pages.find(request.actor, number)
    sent = request.POST if "number" in request.POST else request.GET  # an undo has its values in its address
    form = LinkForm(sent if request.method == "POST" else None)
    if form.is_valid():
        _label, kind, outward = LINKS[form.cleaned_data["relation"]]
        try:
            other = find(request.actor, form.cleaned_data["number"].strip())
            source, target = (record, other) if outward else (other, record)
            actions.link(source, kind, target, by=request.actor)
        except Refusal as refusal:
            form.add_error("number", refusal.message)
        else:
            return done(pages, request, number)
    return _ask(pages, request, form, _("Link a record"), "add_link", number)


def remove_link(pages: Pages, request: ActingRequest, number: str, link: UUID) -> HttpResponse:
    """Remove a link."""
    record = pages.find(request.actor, number)
    found = [each for each in related_to(request.actor, record) if each.link.uuid == link]
    if not found:
        raise Http404
    try:
        actions.unlink(found[0].link, by=request.actor)
    except NotPossible as refusal:
        return done(pages, request, number, refusal.message, kind="error")
    return done(pages, request, number, _("The link is removed."), undo=_again(pages, number, found[0]))


def _again(pages: Pages, number: str, removed: Related) -> str:
    """Return the address that makes a removed link anew; empty for a kind that nobody makes by hand."""
    outward = removed.link.target_id == removed.other.pk  # as it reads from here
    relation = next((slug for slug, each in LINKS.items() if each[1:] == (removed.link.kind, outward)), "")
    if not relation:
        return ""
    address = pages.at(number, "add_link")
    return f"{address}?{urlencode({'relation': relation, 'number': removed.other.number})}"


def log_work(pages: Pages, request: ActingRequest, number: str) -> HttpResponse:
    """Log working time."""
    record = pages.find(request.actor, number)
    form = WorkForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.log_work(record, by=request.actor, **values_of(form))
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return done(pages, request, number)
    return _ask(pages, request, form, _("Log work"), "log_work", number)


def _ask(pages: Pages, request: ActingRequest, form: Form, title: str, name: str, number: str) -> HttpResponse:
    """Show a form; a refused one with what was typed."""
    context = {"form": form, "title": title, "address": pages.at(number, name)}
    return in_dialog(request, "web/records/_form.html", context, 422 if form.is_bound else 200)
