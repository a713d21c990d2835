"""What the document of a record says: exactly what its reader sees on pages, in their language and zone."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.documents.engine.description import (
    Block,
    Document,
    Entry,
    Facts,
    History,
    Section,
    Table,
    Text,
)
from mainstay.kernel.practice.apps import names_of_records
from mainstay.kernel.practice.registry import kinds
from mainstay.kernel.records.merged import parts_of
from mainstay.kernel.records.models import Attachment, Record, Task, WorkLog
from mainstay.kernel.records.queries import category_path, reads_internal
from mainstay.kernel.records.surroundings import files_on, surroundings
from mainstay.kernel.records.timeline import Entry as Happening
from mainstay.kernel.records.timeline import timeline
from mainstay.kernel.web.documents.registry import reading
from mainstay.kernel.web.formats import absolute_time
from mainstay.kernel.web.records.pages import Pages, custom_fields, pages_of, state_of
from mainstay.kernel.web.records.wording import Line

NONE = "–"
#: Entries that are read at once.
BATCH = 1000


def document_of(actor: Actor, record: Record) -> Document:
    """Return the document of a record that `actor` may see: with its internal part for those who may see that."""
    return _whole(actor, record) if reads_internal(actor, record) else _public(actor, record)


def framed(actor: Actor, record: Record, kind: Any, facts: Facts, sections: Iterable[Section], notice: str) -> Document:
    """Return a document about a record with what stands on every one: who made it, when, in which zone."""
    made = {
        "name": actor.person.name if actor.person else _("Mainstay"),
        "when": absolute_time(timezone.now()),
        "zone": timezone.get_current_timezone_name(),
    }
    return Document(
        number=record.number,
        title=record.title,
        kind=str(kind),
        language=get_language() or "en",
        made=_("Made by %(name)s on %(when)s (%(zone)s)") % made,
        page=_("Page {page} of {pages}"),
        facts=facts,
        sections=tuple(section for section in sections if section.blocks),
        notice=notice,
    )


def part(title: Any, *blocks: Block | None) -> Section:
    """Return a section with those of `blocks` that say something; one without any is left out of the document."""
    return Section(str(title), tuple(block for block in blocks if block is not None))


def text(body: str) -> Text | None:
    """Return plain text, or nothing where there is none."""
    return Text(body) if body.strip() else None


def table(head: Iterable[Any], widths: tuple[int, ...], rows: Iterable[Iterable[Any]]) -> Table | None:
    """Return a table, or nothing where it has no rows; what is missing in a cell is a dash."""
    cells = tuple(tuple(str(cell) if cell not in (None, "") else NONE for cell in row) for row in rows)
    return Table(tuple(str(word) for word in head), cells, widths) if cells else None


def facts_of(rows: Iterable[tuple[Any, Any]]) -> Facts:
    """Return names and values, without those that have none."""
    return Facts(tuple((str(name), str(value)) for name, value in rows if value not in (None, "")))


def _whole(actor: Actor, record: Record) -> Document:
    pages = pages_of(record.kind)
    detail: Any = pages.find(actor, record.number)
    around = surroundings(actor, detail)
    sections = (
        part(_("Description"), text(detail.description)),
        part(_("Solution"), text(detail.solution)),
        part(_("Tasks"), tasks_table(around.tasks)),
        part(_("Related"), related_table((each.label, each.other) for each in around.related)),
        part(_("Files"), _files(around.attachments, internal=True)),
        part(_("Working time"), _work(around.work)),
        part(_("History"), history_of(actor, detail)),
    )
    kind = names_of_records()[record.kind]
    return framed(actor, detail, kind, facts_of(_facts(pages, detail)), sections, _("With internal parts"))


def _facts(pages: Pages, record: Any) -> Iterator[tuple[Any, Any]]:
    yield _("State"), state_of(record)
    yield _("Caller"), record.requester.name if record.requester else None
    yield _("Organisation"), record.organisation.name
    yield from pages.facts(record)
    yield _("Owner"), record.owner.name if record.owner else None
    yield _("Team"), record.team.name if record.team else None
    yield _("Assignee"), record.assignee.name if record.assignee else None
    yield _("Category"), category_path(record.category) if record.category else None
    for label, moment in (
        (_("Opened"), record.opened),
        (_("Due"), record.due),
        (_("Next news to the caller"), record.next_update),
        (_("Updated"), record.updated),
        (_("Resolved"), record.resolved),
        (_("Closed"), record.closed),
    ):
        yield label, absolute_time(moment) if moment else None
    if record.access != "public":
        yield _("Who may see it"), record.get_access_display()
    yield from custom_fields(record)


def tasks_table(tasks: Iterable[Task]) -> Table | None:
    """Return tasks with who does them, until when, and when they were done."""
    head = (_("Task"), _("For whom"), _("Due"), _("Done"))
    rows = (
        (
            f"{task.title} ({_('mandatory')})" if task.mandatory else task.title,
            ", ".join(str(each) for each in (task.owner and task.owner.name, task.team) if each),
            task.due and absolute_time(task.due),
            task.done and f"{absolute_time(task.done)} {task.done_by.name if task.done_by else ''}",
        )
        for task in tasks
    )
    return table(head, (4, 2, 2, 2), rows)


def related_table(related: Iterable[tuple[Any, Record]]) -> Table | None:
    """Return other records, each with how it relates."""
    head = (_("Relation"), _("Number"), _("Title"), _("State"))
    rows = ((label, other.number, other.title, state_of(other)) for label, other in related)
    return table(head, (2, 2, 5, 2), rows)


def _files(files: Iterable[Attachment], *, internal: bool) -> Table | None:
    head = (_("File"), _("Size"), _("Added"), "SHA-256")
    rows = (
        (
            f"{file.name} ({_('internal')})" if file.visibility != "public" else file.name,
            filesizeformat(file.content.size),
            f"{absolute_time(file.added)} {file.added_by.name if internal and file.added_by else ''}",
            file.content.digest,
        )
        for file in files
    )
    return table(head, (4, 2, 3, 5), rows)


def _work(work: Iterable[WorkLog]) -> Table | None:
    head = (_("When"), _("Who"), _("Minutes"), _("Note"))
    rows = ((absolute_time(entry.worked), entry.person.name, entry.minutes, entry.note) for entry in work)
    return table(head, (3, 3, 1, 5), rows)


def history_of(actor: Actor, record: Record) -> History:
    """Return the whole history in the words of the page, for those who see the record's internal part."""
    return History(tuple(_told(pages_of(record.kind), actor, record)))


def _told(pages: Pages, actor: Actor, record: Record) -> Iterator[Entry]:
    for batch in _batches(actor, record):
        for line in pages.lines(actor, batch):
            yield _said(line) if line.entry.body is not None else _happened(line)


def _batches(actor: Actor, record: Record) -> Iterator[list[Happening]]:
    entries, place = timeline(actor, record, limit=BATCH)
    yield entries
    while place is not None:
        entries, place = timeline(actor, record, limit=BATCH, after=place)
        yield entries


def _said(line: Line) -> Entry:
    marks = (_("Internal note") if not line.entry.public else "", line.via)
    return Entry(
        "said" if line.entry.public else "noted",
        line.who,
        absolute_time(line.entry.occurred),
        line.entry.body or "",
        " · ".join(filter(None, marks)),
        tuple(file.name for file in line.entry.attachments),
    )


def _happened(line: Line) -> Entry:
    changes = (
        change.label if change.old is None else f"{change.label}: {change.old} → {change.new}"
        for change in line.changes
    )
    details = (*changes, *(file.name for file in line.entry.attachments), line.entry.reason)
    return Entry(
        "happened",
        line.who,
        absolute_time(line.entry.occurred),
        line.sentence,
        line.via,
        tuple(filter(None, details)),
    )


def _public(actor: Actor, record: Record) -> Document:
    """Return what the portal shows of a case, in its words."""
    case = reading().find(actor, record.number)
    state = kinds[case.kind].lifecycle.states[case.state]
    facts = facts_of(
        (
            (_("State"), state.requester_label),
            (_("Who reported it"), case.requester.name if case.requester else None),
            (_("Opened"), absolute_time(case.opened)),
            (_("Next news"), absolute_time(case.next_update) if case.next_update else None),
        )
    )
    solved = case.solution if state.category in ("resolved", "closed") else ""
    sections = (
        part(_("Description"), text(case.description)),
        part(_("What was done"), text(solved)),
        part(_("Files"), _files(files_on(parts_of(actor, case)), internal=False)),
        part(_("Conversation"), History(tuple(_heard(actor, case)))),
    )
    return framed(actor, case, _("Case"), facts, sections, "")


def _heard(actor: Actor, case: Record) -> Iterator[Entry]:
    told = reading().told
    for batch in _batches(actor, case):
        for entry in batch:
            when = absolute_time(entry.occurred)
            files = tuple(file.name for file in entry.attachments)
            if entry.body is not None:
                yield Entry("said", entry.author.name if entry.author else _("Mainstay"), when, entry.body, "", files)
            elif entry.event in told:
                yield Entry("happened", "", when, str(told[entry.event]), "", tuple(filter(None, (entry.reason,))))
