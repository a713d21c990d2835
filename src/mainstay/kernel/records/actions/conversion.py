"""Letting a record go on as one of another kind."""

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.events.actions import emit
from mainstay.kernel.practice.registry import kinds
from mainstay.kernel.records.actions.record import changes_of, next_number, stale
from mainstay.kernel.records.changes import tell
from mainstay.kernel.records.models import Record, RecordNumber

Detail = TypeVar("Detail", bound=Record)


@transaction.atomic
def convert(
    detail: Record,
    model: type[Detail],
    *,
    by: Actor,
    kind: str,
    version: int,
    values: Mapping[str, Any],
    undecided: Collection[str] = (),
) -> Detail:
    """Let a record go on as one of `kind`, whose model is `model`, in its initial state; return it as that.

    The record stays itself: its id, conversation, events, files, links, tasks, watchers, and every column that `values`
    does not set. `detail`, its row in the model of the former kind, makes way for a row of the new one with the rest of
    `values`; the former number leads to it for ever. The event is `converted`, of the former kind. What both kinds
    permit is the caller's to check. Raises Stale when somebody changed the record after `version`: of two who convert
    it at once one wins.
    """
    columns = {field.name: field.attname for field in Record._meta.local_fields}
    initial, former, number = kinds[kind].lifecycle.initial, detail.kind, detail.number
    if version != detail.version:
        raise stale()
    wanted = {name: value for name, value in values.items() if name in columns}
    wanted |= {"kind": kind, "number": next_number(kind), "state": initial.slug, "state_category": initial.category}
    changed = {name: value for name, value in wanted.items() if getattr(detail, name) != value}
    changes = changes_of(detail, changed)
    changes.pop("state_category", None)
    now = {"version": version + 1, "updated": timezone.now()}
    unchanged = Record.objects.filter(pk=detail.pk, version=version, kind=former, state=detail.state)
    if not unchanged.update(**changed, **now):
        raise stale()
    kept = {attname: getattr(detail, attname) for name, attname in columns.items() if name not in {*changed, *now}}
    own = {name: value for name, value in values.items() if name not in columns}
    made = model(record_ptr_id=detail.pk, **kept, **changed, **now, **own)
    detail.delete(keep_parents=True)
    made.save_base(raw=True, force_insert=True)  # the new detail alone: the record's own row stands already
    RecordNumber.objects.create(number=number, record_id=made.pk)
    emit(f"{former}.converted", by=by, record_id=made.pk, changes=changes, data={"former": number}, public=True)
    tell(made, (), new=True, undecided=undecided)
    return made
