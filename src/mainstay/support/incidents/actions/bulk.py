"""Many incidents at once, with all that happened to them: the action behind imports and the demo organisation.

A step is checked against the same lifecycle as a single move. Rows are written by COPY with triggers on; reactions
do not run: nobody is told today of what happened long ago.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec
from django.db import connection, models, transaction
from django.utils.translation import gettext as _
from psycopg import sql

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.events.models import Event
from mainstay.kernel.practice.errors import Invalid, NotPermitted
from mainstay.kernel.practice.identifiers import uuid7
from mainstay.kernel.practice.registry import kinds
from mainstay.kernel.records.links import LINK_KINDS
from mainstay.kernel.records.models import Comment, Link, Record, RecordNumber, Task, Watch, WorkLog
from mainstay.kernel.search.actions import write_words
from mainstay.support.incidents.engine.history import History, Impossible
from mainstay.support.incidents.engine.replay import Replay
from mainstay.support.incidents.lifecycle import LIFECYCLE
from mainstay.support.incidents.models import Incident, PriorityRule
from mainstay.support.incidents.queries import KIND, known_numbers

Row = Mapping[str, Any]


class Written(NamedTuple):
    """What became of a batch: how many incidents were written, and how many stood there already."""

    written: int
    known: int


@transaction.atomic
def write_histories(histories: Iterable[History], *, by: Actor) -> Written:
    """Write one batch of incidents with their whole history, in one transaction.

    Only the product itself may (`system()`): permissions of long ago are not checked. A history whose former
    number is known already is left out, so an interrupted import goes on where it stopped. Raises Invalid
    with the first step that could not have happened; then nothing is written.
    """
    if not by.standing.unbounded:
        raise NotPermitted(_("Only the product itself writes histories."))
    wanted = list(histories)
    known = known_numbers([history.former_number for history in wanted if history.former_number])
    new = [history for history in wanted if history.former_number not in known]
    batch = _replayed(new)
    _write(batch)
    return Written(len(new), len(wanted) - len(new))


def _replayed(histories: Sequence[History]) -> list[Replay]:
    """Replay every history and give each its id and number."""
    matrix = {(rule.impact, rule.urgency): rule.priority for rule in PriorityRule.objects.all()}
    blank = _blank()
    steps = [step.verb for history in histories for step in history.steps]
    ids = {"comment": _ids(Comment, steps.count("comment")), "task": _ids(Task, steps.count("add_task"))}

    def allot(what: str) -> int:
        return next(ids[what])

    try:
        batch = [Replay(history, LIFECYCLE, blank=blank, matrix=matrix, allot=allot) for history in histories]
    except Impossible as impossible:
        raise Invalid({"history": str(impossible)}) from impossible
    keys = _ids(Record, len(batch))
    numbers = _values_of(f"record_number_{KIND}", len(batch))
    for replay, key, number in zip(batch, keys, numbers, strict=True):
        replay.fields |= {
            "id": key,
            "record_ptr": key,
            "kind": KIND,
            "number": f"{kinds[KIND].prefix}-{number:06d}",
        }
    return batch


def _blank() -> dict[str, Any]:
    """Every field of an incident with its default."""
    return {field.name: field.get_default() for field in Incident._meta.concrete_fields}


def _ids(model: type[models.Model], count: int) -> Iterator[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [model._meta.db_table])
        (sequence,) = cursor.fetchone()
    return _values_of(sequence, count)


def _values_of(sequence: str, count: int) -> Iterator[int]:
    """Take `count` values of a sequence in one go."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [sequence, count])
        return iter([value for (value,) in cursor.fetchall()])


def _write(batch: Sequence[Replay]) -> None:
    """Write the rows of a batch, each table with one COPY, parents before children."""
    if not batch:
        return
    places = {replay.history.key: replay.fields["id"] for replay in batch if replay.history.key}
    links = list(_links(batch, places))
    _copy(Record, (_with_json(replay.fields) for replay in batch))
    _copy(Incident, (replay.fields for replay in batch))
    _copy(RecordNumber, _former_numbers(batch))
    _copy(Comment, _hanging(batch, lambda replay: replay.comments))
    _copy(Task, _hanging(batch, lambda replay: replay.tasks.values(), _defaults(Task)))
    _copy(WorkLog, _hanging(batch, lambda replay: replay.work))
    _copy(Watch, ({"record": r.fields["id"], "person": person} for r in batch for person in r.history.watchers))
    _copy(Link, links)
    _copy(Event, _events(batch, places))
    write_words(KIND, [replay.fields["id"] for replay in batch])


def _former_numbers(batch: Sequence[Replay]) -> Iterator[Row]:
    for replay in batch:
        if replay.history.former_number:
            yield {"number": replay.history.former_number, "record": replay.fields["id"]}


def _hanging(batch: Sequence[Replay], rows_of: Callable[[Replay], Iterable[Row]], defaults: Row | None = None) -> Any:
    for replay in batch:
        for row in rows_of(replay):
            yield {**(defaults or {}), "uuid": uuid7(), "record": replay.fields["id"], **row}


def _defaults(model: type[models.Model]) -> Row:
    return {field.name: field.get_default() for field in model._meta.concrete_fields if not field.primary_key}


def _links(batch: Sequence[Replay], places: Mapping[str, int]) -> Iterator[Row]:
    children: set[tuple[str, int]] = set()
    for replay in batch:
        for kind, other, made in replay.links:
            if kind not in LINK_KINDS or other not in places:
                raise Invalid({"history": _("A link needs a known kind and another history of the same batch.")})
            if LINK_KINDS[kind].hierarchical and (kind, places[other]) in children:
                raise Invalid({"history": _("%(name)s already has a parent.") % {"name": other}})
            children.add((kind, places[other]))
            yield {
                "uuid": uuid7(),
                "kind": kind,
                "source": replay.fields["id"],
                "target": places[other],
                "made": made,
            }


def _events(batch: Sequence[Replay], places: Mapping[str, int]) -> Iterator[Row]:
    for replay in batch:
        for told in replay.events:
            data = told.data if told.past != "linked" else {**told.data, "other": places[told.data["other"]]}
            yield {
                "uuid": uuid7(),
                "name": f"{KIND}.{told.past}",
                "record_id": replay.fields["id"],
                "subject": "",
                "actor_id": told.by,
                "on_behalf_of_id": None,
                "door": told.door,
                "reason": told.reason,
                "changes": _json(told.changes),
                "data": _json(data),
                "public": told.public,
                "request_id": "",
                "occurred": told.occurred,
            }


def _with_json(fields: Row) -> Row:
    return {**fields, "attributes": _json(fields["attributes"])}


def _json(value: Mapping[str, Any]) -> str:
    return msgspec.json.encode(dict(value)).decode() if value else "{}"


def _copy(model: type[models.Model], rows: Iterable[Row]) -> None:
    """Write rows, given by field name with ids for references, into a model's own table by COPY.

    What the rows do not name (ids, the database's clock) the database gives by itself.
    """
    ahead = iter(rows)
    first = next(ahead, None)
    if first is None:
        return
    fields = [field for field in model._meta.local_concrete_fields if field.name in first]
    columns = sql.SQL(", ").join([sql.Identifier(field.attname) for field in fields])
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(model._meta.db_table), columns)
    values_of = itemgetter(*(field.name for field in fields))
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write_row(values_of(first))
        for row in ahead:
            copy.write_row(values_of(row))


def batches(histories: Iterable[History], size: int) -> Iterator[list[History]]:
    """Cut a stream of histories into batches of at most `size`, each to be one transaction."""
    stream = iter(histories)
    while batch := list(islice(stream, size)):
        yield batch
