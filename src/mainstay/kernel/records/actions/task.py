"""Tasks of a record."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.events.actions import emit
from mainstay.kernel.people.models import Person, Team
from mainstay.kernel.practice.errors import Invalid, NotPossible
from mainstay.kernel.records.models import Record, Task
from mainstay.kernel.records.queries import require


@transaction.atomic
def add_task(
    record: Record,
    *,
    by: Actor,
    title: str,
    owner: Person | None = None,
    team: Team | None = None,
    due: datetime | None = None,
    mandatory: bool = False,
) -> Task:
    """Add a task at the end of the record's list. Raises Invalid for an empty or overlong title."""
    require(by, "task", record)
    title = title.strip()
    if not title or len(title) > 250:
        raise Invalid({"title": _("Say what is to be done, in at most 250 characters.")})
    last = Task.objects.filter(record=record).aggregate(last=Max("position"))["last"] or 0
    task = Task.objects.create(
        record=record, title=title, owner=owner, team=team, due=due, mandatory=mandatory, position=last + 1
    )
    emit(f"{record.kind}.task_added", by=by, record_id=record.pk, data={"task": task.pk})
    return task


@transaction.atomic
def complete_task(task: Task, *, by: Actor) -> None:
    """Mark a task as done by the actor, now. Raises NotPossible when it is done already."""
    require(by, "task", task.record)
    if not Task.objects.filter(pk=task.pk, done=None).update(done=timezone.now(), done_by=by.person):
        raise NotPossible(_("This task is done already."))
    emit(f"{task.record.kind}.task_done", by=by, record_id=task.record.pk, data={"task": task.pk})


@transaction.atomic
def reopen_task(task: Task, *, by: Actor) -> None:
    """Mark a task as not done after all. Raises NotPossible when it is not done."""
    require(by, "task", task.record)
    if not Task.objects.filter(pk=task.pk).exclude(done=None).update(done=None, done_by=None):
        raise NotPossible(_("This task is not done yet."))
    emit(f"{task.record.kind}.task_reopened", by=by, record_id=task.record.pk, data={"task": task.pk})
