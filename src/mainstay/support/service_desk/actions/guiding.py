"""Giving cases their checklists, and following runbooks on them."""

from dataclasses import asdict

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.events.actions import emit
from mainstay.kernel.practice.errors import Invalid, NotPossible, Stale
from mainstay.kernel.records.actions import add_task
from mainstay.kernel.records.models import Record, Task
from mainstay.kernel.records.queries import require
from mainstay.support.service_desk.engine.checklist import item
from mainstay.support.service_desk.engine.runbook import parse
from mainstay.support.service_desk.models import AttachedChecklist, Checklist, Runbook, RunbookRun
from mainstay.support.service_desk.queries.guiding import automatic_for

#: The longest word about a step that an event keeps.
LONGEST = 200


@transaction.atomic
def attach_checklist(checklist: Checklist, record: Record, *, by: Actor, automatic: bool = False) -> bool:
    """Give a record the tasks of a checklist, at the end of those it has; return whether it did not have them yet."""
    require(by, "task", record)
    attached, is_new = AttachedChecklist.objects.get_or_create(
        record_id=record.pk, checklist=checklist, defaults={"automatic": automatic}
    )
    if not is_new:
        return False
    _tell(record, "checklist_attached", checklist.name, by)
    attached.tasks.set([add_task(record, by=by, **item(line)._asdict()) for line in checklist.items])
    return True


@transaction.atomic
def keep_checklists(record: Record, *, by: Actor) -> None:
    """Give a record the checklists it is to have by itself; take away those that came so, no longer fit, and of which
    nothing is done."""
    wanted = automatic_for(record)
    came = AttachedChecklist.objects.filter(record_id=record.pk, automatic=True)
    for attached in came.exclude(checklist__in=wanted).exclude(tasks__done__isnull=False).select_related("checklist"):
        Task.objects.filter(pk__in=attached.tasks.values("pk")).delete()
        attached.delete()
        _tell(record, "checklist_withdrawn", attached.checklist.name, by)
    for checklist in wanted:
        attach_checklist(checklist, record, by=by, automatic=True)


@transaction.atomic
def start_runbook(runbook: Runbook, record: Record, *, by: Actor) -> RunbookRun:
    """Begin to follow a runbook on a record, as it is written now."""
    require(by, "task", record)
    steps = {name: asdict(step) for name, step in parse(runbook.text).items()}
    run = RunbookRun.objects.create(
        record_id=record.pk, runbook=runbook, name=runbook.name, steps=steps, at=next(iter(steps))
    )
    _tell(record, "runbook_started", run.name, by)
    return run


@transaction.atomic
def answer_runbook(run: RunbookRun, record: Record, *, by: Actor, answer: int, step: int | None = None) -> RunbookRun:
    """Give the answer at place `answer` (from 0) to the question that a run has come to, if given after `step` answers.

    Raises Stale when somebody else has answered it meanwhile, and Invalid for an answer that there is not.
    """
    run = _locked(run, record, by, step)
    here = run.steps[run.at]
    if not 0 <= answer < len(here["answers"]):
        raise Invalid({"answer": _("Choose one of the answers.")})
    label, target = here["answers"][answer]
    taken = {"step": run.at, "answer": answer, "person": by.person_id, "at": timezone.now().isoformat()}
    run.path, run.at = [*run.path, taken], target
    run.save(update_fields=["path", "at"])
    _tell(record, "runbook_answered", f"{run.name}: {here['words']} – {label}", by)
    return run


@transaction.atomic
def go_back_in_runbook(run: RunbookRun, record: Record, *, by: Actor, step: int | None = None) -> RunbookRun:
    """Take the last answer back; the history keeps it. Raises NotPossible when there is none, else as answering."""
    run = _locked(run, record, by, step)
    if not run.path:
        raise NotPossible(_("There is no answer to take back."))
    *path, last = run.path
    run.path, run.at = path, last["step"]
    run.save(update_fields=["path", "at"])
    _tell(record, "runbook_taken_back", f"{run.name}: {run.steps[run.at]['words']}", by)
    return run


def _locked(run: RunbookRun, record: Record, by: Actor, step: int | None) -> RunbookRun:
    require(by, "task", record)
    run = RunbookRun.objects.select_for_update().get(pk=run.pk)
    if step is not None and step != len(run.path):
        raise Stale(_("Somebody else has gone on in the meantime. Look where it is now."))
    return run


def _tell(record: Record, past: str, what: str, by: Actor) -> None:
    emit(f"{record.kind}.{past}", by=by, record_id=record.pk, data={"what": what[:LONGEST]})
