"""Checklists and runbooks of a case: which fit it, and how far it is."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import CharField, Q, QuerySet
from django.utils.translation import gettext as _

from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.errors import Missing
from mainstay.kernel.practice.statements import Statement
from mainstay.kernel.records.models import Category, Record
from mainstay.support.service_desk.models import AttachedChecklist, Checklist, ForCases, Runbook, RunbookRun

Row = TypeVar("Row", bound=ForCases)


def upwards(category: Category | None) -> set[int | None]:
    """Return the ids of a category and of all above it, and None for whatever is left open."""
    return {None} if category is None else {category.pk, *upwards(category.parent)}


def fitting(rows: QuerySet[Row], record: Record) -> list[Row]:
    """Return the rows in use that are for a record of this kind, category and organisation."""
    found = rows.filter(
        Q(organisation=None) | Q(organisation__descents__descendant=record.organisation_id),
        kind__in=("", record.kind),
        retired=None,
    )
    categories = upwards(record.category)
    return [row for row in found if row.category_id in categories]


def automatic_for(record: Record) -> list[Checklist]:
    """Return the checklists that a record is to have by itself."""
    return fitting(Checklist.objects.filter(automatic=True), record)


def any_automatic(kind: str) -> bool:
    """Return whether records of a kind may have to get checklists by themselves: mostly, there is nothing to do."""
    return bool(_any_automatic(kind=kind))


_any_automatic = Statement(
    lambda kind: Checklist.objects.filter(Q(kind="") | Q(kind=kind), automatic=True, retired=None).values_list(
        "pk", flat=True
    )[:1],
    kind=CharField(),
)


def checklists_for(record: Record) -> list[Checklist]:
    """Return the checklists that fit a record and that it does not have yet."""
    had = AttachedChecklist.objects.filter(record_id=record.pk).values("checklist")
    return fitting(Checklist.objects.exclude(pk__in=had), record)


def checklist_for(record: Record, slug: str) -> Checklist:
    """Return one of the checklists that fit a record, whether or not it has it. Raises Missing if there is none."""
    return _one(fitting(Checklist.objects.all(), record), slug)


def runbooks_for(record: Record) -> list[Runbook]:
    """Return the runbooks that fit a record."""
    return fitting(Runbook.objects.all(), record)


def runbook_for(record: Record, slug: str) -> Runbook:
    """Return one of the runbooks that fit a record. Raises Missing if there is none."""
    return _one(runbooks_for(record), slug)


def _one(rows: Iterable[Row], slug: str) -> Row:
    found = next((row for row in rows if row.slug == slug), None)
    if found is None:
        raise Missing(_("There is nothing here, or you may not see it."))
    return found


def run_of(record: Record, uuid: UUID) -> RunbookRun:
    """Return a run on a record. Raises Missing if there is none."""
    found = RunbookRun.objects.filter(record_id=record.pk, uuid=uuid).first()
    if found is None:
        raise Missing(_("There is nothing here, or you may not see it."))
    return found


@dataclass(frozen=True)
class Answered:
    """A step that was taken: what was asked and answered, by whom and when (UTC)."""

    question: str
    answer: str
    person: Person | None
    at: datetime


@dataclass(frozen=True)
class Followed:
    """A run as people read it: the steps taken, the question it has come to, and its answers; none when it ended."""

    run: RunbookRun
    taken: list[Answered] = field(default_factory=list)
    question: str = ""
    answers: list[str] = field(default_factory=list)


def runs_on(record: Record) -> list[Followed]:
    """Return the runs on a record, oldest first."""
    runs = list(RunbookRun.objects.filter(record_id=record.pk))
    people = Person.objects.in_bulk({taken["person"] for run in runs for taken in run.path if taken["person"]})
    return [followed(run, people) for run in runs]


def followed(run: RunbookRun, people: dict[Any, Person] | None = None) -> Followed:
    """Return a run as people read it."""
    if people is None:
        people = Person.objects.in_bulk({taken["person"] for taken in run.path if taken["person"]})
    taken = [
        Answered(
            run.steps[each["step"]]["words"],
            run.steps[each["step"]]["answers"][each["answer"]][0],
            people.get(each["person"]),
            datetime.fromisoformat(each["at"]),
        )
        for each in run.path
    ]
    here = run.steps[run.at]
    return Followed(run, taken, here["words"], [label for label, _target in here["answers"]])
