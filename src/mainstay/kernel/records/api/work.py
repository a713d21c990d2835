"""Links, tasks, working time and watching."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from ninja import Query, Router

from mainstay.kernel.access.doors import ActingRequest
from mainstay.kernel.practice.errors import Invalid, Missing
from mainstay.kernel.records import actions, queries
from mainstay.kernel.records.api.finding import address, record_for
from mainstay.kernel.records.merged import parts_of
from mainstay.kernel.records.models import Link, Record, Task, WorkLog
from mainstay.kernel.records.schemas.record import RecordShown, record_shown
from mainstay.kernel.records.schemas.work import (
    Aside,
    LinkShown,
    NewLink,
    NewTask,
    NewWork,
    NextUpdate,
    TaskShown,
    WorkShown,
    link_shown,
    task_shown,
    work_shown,
)
from mainstay.kernel.rest.answers import answer, nothing
from mainstay.kernel.rest.cursors import Order, page
from mainstay.kernel.rest.doors import door
from mainstay.kernel.rest.references import by_slug, existing, known_people, known_teams, person_by_email
from mainstay.kernel.rest.schemas import Number, Paging, page_of

router = Router(tags=["Records"])

IN_ORDER, OLDEST_LINK_FIRST, NEWEST_WORK_FIRST = Order("position", "id"), Order("made", "id"), Order("-worked", "-id")


def links_of(request: ActingRequest, record: Record) -> QuerySet[Link]:
    """Return the links of a record to records that the caller may see."""
    visible = queries.visible_to(request.actor).values("pk")
    here = parts_of(request.actor, record).ids
    outward, inward = Q(source__in=here, target__in=visible), Q(target__in=here, source__in=visible)
    own = Q(source__in=here, target__in=here)
    return Link.objects.filter(outward | inward).exclude(own).select_related("source", "target")


@router.get("/records/{number}/links", response=page_of(LinkShown), operation_id="list_links", summary="List links")
@door("*.read", on_record=True)
def list_links(request: ActingRequest, number: Number, paging: Query[Paging]) -> HttpResponse:
    """Links to records that the caller may see as well."""
    record = record_for(request, number)
    here = parts_of(request.actor, record).ids
    items, following = page(
        links_of(request, record),
        OLDEST_LINK_FIRST,
        limit=paging.limit,
        cursor=paging.cursor,
        scope=f"links {record.pk}",
    )
    return answer({"items": [link_shown(link, here) for link in items], "next": following})


@router.post("/records/{number}/links", response={201: LinkShown}, operation_id="add_link", summary="Link two records")
@door("*.link", on_record=True)
def add_link(request: ActingRequest, number: Number, values: NewLink) -> HttpResponse:
    """Link the record to another; linking twice is linking once."""
    record = record_for(request, number)
    try:
        target = record_for(request, values.target)
    except Missing as missing:
        raise Invalid({"target": missing.message}) from None
    made = actions.link(record, values.kind, target, by=request.actor)
    return answer(link_shown(made, [record.pk]), status=201, location=f"{address(record)}/links/{made.uuid}")


@router.get("/records/{number}/links/{link}", response=LinkShown, operation_id="get_link", summary="Show a link")
@door("*.read", on_record=True)
def get_link(request: ActingRequest, number: Number, link: UUID) -> HttpResponse:
    """One link, as it reads from this record."""
    record = record_for(request, number)
    found = existing(links_of(request, record).filter(uuid=link).first())
    return answer(link_shown(found, parts_of(request.actor, record).ids))


@router.delete(
    "/records/{number}/links/{link}", response={204: None}, operation_id="remove_link", summary="Remove a link"
)
@door("*.link", on_record=True)
def remove_link(request: ActingRequest, number: Number, link: UUID) -> HttpResponse:
    """Remove a link; both records stay."""
    record = record_for(request, number)
    actions.unlink(existing(links_of(request, record).filter(uuid=link).first()), by=request.actor)
    return nothing()


def tasks_of(request: ActingRequest, record: Record) -> QuerySet[Task]:
    """Return the tasks of a record: for those who see what is internal."""
    queries.require(request.actor, "read_internal", record)
    here = parts_of(request.actor, record).whole
    return Task.objects.filter(record__in=here).select_related("owner", "team", "done_by", "record")


@router.get("/records/{number}/tasks", response=page_of(TaskShown), operation_id="list_tasks", summary="List tasks")
@door("*.read_internal", on_record=True)
def list_tasks(request: ActingRequest, number: Number, paging: Query[Paging]) -> HttpResponse:
    """The record's tasks in their order."""
    record = record_for(request, number)
    items, following = page(
        tasks_of(request, record), IN_ORDER, limit=paging.limit, cursor=paging.cursor, scope=f"tasks {record.pk}"
    )
    return answer({"items": [task_shown(task) for task in items], "next": following})


@router.post("/records/{number}/tasks", response={201: TaskShown}, operation_id="add_task", summary="Add a task")
@door("*.task", on_record=True)
def add_task(request: ActingRequest, number: Number, values: NewTask) -> HttpResponse:
    """Add a task at the end; a mandatory one must be done before the record can be resolved."""
    record = record_for(request, number)
    queries.require(request.actor, "task", record)
    task = actions.add_task(
        record,
        by=request.actor,
        title=values.title,
        owner=person_by_email(known_people(request.actor), values.owner, "owner") if values.owner else None,
        team=by_slug(known_teams(request.actor), values.team, "team") if values.team else None,
        due=values.due,
        mandatory=values.mandatory,
    )
    return answer(task_shown(task), status=201, location=f"{address(record)}/tasks/{task.uuid}")


def task_for(request: ActingRequest, number: str, task: UUID) -> Task:
    """Return a task of a record that the caller may see. Raises Missing if there is none."""
    return existing(tasks_of(request, record_for(request, number)).filter(uuid=task).first())


@router.get("/records/{number}/tasks/{task}", response=TaskShown, operation_id="get_task", summary="Show a task")
@door("*.read_internal", on_record=True)
def get_task(request: ActingRequest, number: Number, task: UUID) -> HttpResponse:
    """One task."""
    return answer(task_shown(task_for(request, number, task)))


@router.post(
    "/records/{number}/tasks/{task}/actions/complete",
    response=TaskShown,
    operation_id="complete_task",
    summary="Complete a task",
)
@door("*.task", on_record=True)
def complete_task(request: ActingRequest, number: Number, task: UUID) -> HttpResponse:
    """Mark a task as done by the caller, now."""
    actions.complete_task(task_for(request, number, task), by=request.actor)
    return answer(task_shown(task_for(request, number, task)))


@router.post(
    "/records/{number}/tasks/{task}/actions/reopen",
    response=TaskShown,
    operation_id="reopen_task",
    summary="Reopen a task",
)
@door("*.task", on_record=True)
def reopen_task(request: ActingRequest, number: Number, task: UUID) -> HttpResponse:
    """Mark a task as not done after all."""
    actions.reopen_task(task_for(request, number, task), by=request.actor)
    return answer(task_shown(task_for(request, number, task)))


def work_of(request: ActingRequest, record: Record) -> QuerySet[WorkLog]:
    """Return the working time on a record: for those who see what is internal."""
    queries.require(request.actor, "read_internal", record)
    here = parts_of(request.actor, record).whole
    return WorkLog.objects.filter(record__in=here).select_related("person")


@router.get(
    "/records/{number}/work", response=page_of(WorkShown), operation_id="list_work", summary="List working time"
)
@door("*.read_internal", on_record=True)
def list_work(request: ActingRequest, number: Number, paging: Query[Paging]) -> HttpResponse:
    """Working time, the latest first."""
    record = record_for(request, number)
    items, following = page(
        work_of(request, record),
        NEWEST_WORK_FIRST,
        limit=paging.limit,
        cursor=paging.cursor,
        scope=f"work {record.pk}",
    )
    return answer({"items": [work_shown(entry) for entry in items], "next": following})


@router.post("/records/{number}/work", response={201: WorkShown}, operation_id="log_work", summary="Log working time")
@door("*.log_work", on_record=True)
def log_work(request: ActingRequest, number: Number, values: NewWork) -> HttpResponse:
    """Record working time of the caller."""
    record = record_for(request, number)
    entry = actions.log_work(record, by=request.actor, minutes=values.minutes, note=values.note, worked=values.worked)
    return answer(work_shown(entry), status=201, location=f"{address(record)}/work/{entry.uuid}")


@router.get("/records/{number}/work/{entry}", response=WorkShown, operation_id="get_work", summary="Show working time")
@door("*.read_internal", on_record=True)
def get_work(request: ActingRequest, number: Number, entry: UUID) -> HttpResponse:
    """One entry of the work log."""
    return answer(work_shown(existing(work_of(request, record_for(request, number)).filter(uuid=entry).first())))


@router.put(
    "/records/{number}/next-update",
    response=RecordShown,
    operation_id="promise_news",
    summary="Promise the requester news",
)
@door("*.comment", on_record=True)
def promise_news(request: ActingRequest, number: Number, values: NextUpdate) -> HttpResponse:
    """Say by when the requester hears next, within a year, or take the promise back.

    Each public message renews it by the rule of the record's priority, if there is one. It counts as no edit.
    """
    record = record_for(request, number)
    actions.promise(record, by=request.actor, at=values.next_update)
    return answer(record_shown(record, internal=True))


@router.put("/records/{number}/snooze", response={204: None}, operation_id="snooze", summary="Put a record aside")
@door("*.read_internal", on_record=True)
def snooze(request: ActingRequest, number: Number, values: Aside) -> HttpResponse:
    """Take a record out of the caller's own queue until an instant, or until somebody writes. Nobody else sees it."""
    actions.snooze(record_for(request, number), by=request.actor, until=values.until)
    return nothing()


@router.delete("/records/{number}/snooze", response={204: None}, operation_id="unsnooze", summary="Take a record back")
@door("*.read_internal", on_record=True)
def unsnooze(request: ActingRequest, number: Number) -> HttpResponse:
    """Let a record that the caller put aside stand in their queue again."""
    record = record_for(request, number)
    queries.require(request.actor, "read_internal", record)
    actions.unsnooze(record, by=request.actor)
    return nothing()


@router.put("/records/{number}/watch", response={204: None}, operation_id="watch", summary="Watch a record")
@door("*.read", on_record=True)
def watch(request: ActingRequest, number: Number) -> HttpResponse:
    """Let the caller hear of every change. Watching twice is watching once."""
    actions.watch(record_for(request, number), by=request.actor)
    return nothing()


@router.delete("/records/{number}/watch", response={204: None}, operation_id="unwatch", summary="Stop watching")
@door("*.read", on_record=True)
def unwatch(request: ActingRequest, number: Number) -> HttpResponse:
    """Let the caller hear no more of changes."""
    actions.unwatch(record_for(request, number), by=request.actor)
    return nothing()
