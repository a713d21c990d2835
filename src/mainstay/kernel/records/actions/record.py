"""Creating, editing and moving: the three ways in which a record's own fields change."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.events.actions import emit
from mainstay.kernel.events.models import Event
from mainstay.kernel.practice.errors import NotPossible, Stale
from mainstay.kernel.practice.registry import kinds, refusals
from mainstay.kernel.records.changes import tell
from mainstay.kernel.records.models import Record
from mainstay.kernel.records.queries import require

Detail = TypeVar("Detail", bound=Record)


#: Who has their answer waits for no news: with the work ends what was promised and what drew attention to it.
FINISHED = ("resolved", "closed")
NOTHING_OWED: dict[str, Any] = {"next_update": None, "attention": ""}


def next_number(kind: str) -> str:
    """Return a number never given before, from the kind's sequence: `INC-000123`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass)", [f"record_number_{kind}"])
        (value,) = cursor.fetchone()
    return f"{kinds[kind].prefix}-{value:06d}"


def create(
    detail: Detail,
    *,
    by: Actor,
    kind: str,
    data: Mapping[str, Any] | None = None,
    undecided: Collection[str] = (),
) -> Detail:
    """Write a new record in the initial state of its kind, with its number and its event `created`, in the caller's
    transaction.

    The caller has filled `detail` and checked that `by` may create it there; `data` goes into the event. Fields that
    nobody decided on, but that have a value all the same, are `undecided`.
    """
    initial = kinds[kind].lifecycle.initial
    detail.kind, detail.number = kind, next_number(kind)
    detail.state, detail.state_category = initial.slug, initial.category
    detail.updated = detail.opened
    detail.save(force_insert=True)
    emit(
        f"{kind}.created",
        by=by,
        record_id=detail.pk,
        data=data,
        public=True,
        occurred=detail.opened,
    )
    tell(detail, (), new=True, undecided=undecided)
    return detail


@transaction.atomic
def edit(
    detail: Record,
    *,
    by: Actor,
    version: int,
    values: Mapping[str, Any],
    reason: str = "",
    event: str = "edited",
    public: bool = False,
) -> Event | None:
    """Set fields of a record to `values` if its version is still `version`; return the event, if anything changed.

    Raises Stale when somebody else edited it since. The permission is the caller's to check: it differs by field.
    """
    changed = {name: value for name, value in values.items() if getattr(detail, name) != value}
    if version != detail.version:
        raise stale()
    if not changed:
        return None
    changes = changes_of(detail, changed)
    _write(detail, changed, version=version)
    told = emit(
        f"{detail.kind}.{event}",
        by=by,
        record_id=detail.pk,
        changes=changes,
        reason=reason,
        public=public,
    )
    tell(detail, changed)
    return told


@transaction.atomic
def move(
    detail: Record,
    verb: str,
    *,
    by: Actor,
    values: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
    reason: str = "",
    public: bool = True,
) -> Event:
    """Make the move `verb` on a record, setting `values` with it, and return its event.

    Raises Missing or NotPermitted when `by` may not, NotPossible when the state or a guard forbids it, and
    Stale when somebody else changed the record since `detail` was read: of two racing moves one wins.
    """
    require(by, verb, detail)
    made = kinds[detail.kind].lifecycle.move(verb, detail.state)
    if made is None:
        raise NotPossible(_("This is not possible now: the state is %(state)s.") % {"state": state_label(detail)})
    if reasons := refusals(f"{detail.kind}.{verb}", detail):
        raise NotPossible(" ".join(reasons))
    changed = {
        **(values or {}),
        "state": made.target.slug,
        "state_category": made.target.category,
        **(NOTHING_OWED if made.target.category in FINISHED else {}),
    }
    changed = {name: value for name, value in changed.items() if getattr(detail, name) != value}
    changes = changes_of(detail, changed)
    for silent in ("state_category", "attention"):
        changes.pop(silent, None)
    _write(detail, changed, version=detail.version)
    told = emit(
        f"{detail.kind}.{made.past}",
        by=by,
        record_id=detail.pk,
        changes=changes,
        data=data,
        reason=reason,
        public=public,
    )
    tell(detail, changed)
    return told


def heard(told: Collection[int]) -> dict[str, Any]:
    """Return the data of an event of which the people (ids) in `told` hear nothing, for they heard the same already."""
    return {"told": sorted(told)} if told else {}


def state_label(record: Record) -> Any:
    """Return what agents call the state that `record` is in."""
    return kinds[record.kind].lifecycle.states[record.state].label


def _write(detail: Record, changed: Mapping[str, Any], *, version: int) -> None:
    """Write the record's columns in one conditional UPDATE, then the detail's.

    The condition must stand in the UPDATE of the parent table itself: through a child's manager Django first
    selects the ids and then updates by id alone, and of two racing moves both would win.
    """
    columns = {field.name for field in Record._meta.local_fields}
    for_record = {name: value for name, value in changed.items() if name in columns}
    now = timezone.now()
    won = Record.objects.filter(pk=detail.pk, version=version, state=detail.state).update(
        **for_record, version=version + 1, updated=now
    )
    if not won:
        raise stale()
    for name, value in changed.items():
        setattr(detail, name, value)
    detail.version, detail.updated = version + 1, now
    if for_detail := [name for name in changed if name not in columns]:
        type(detail)._default_manager.filter(pk=detail.pk).update(**{name: changed[name] for name in for_detail})


def stale() -> Stale:
    """Return the refusal of whoever comes second."""
    return Stale(_("Somebody else has changed this in the meantime. Look at their change, then try again."))


def changes_of(detail: Record, changed: Mapping[str, Any]) -> dict[str, Any]:
    """Return old and new of the changed fields, as an event keeps them: bodies are only named."""
    fields = {field.name: field for field in detail._meta.get_fields()}
    return {
        name: None if isinstance(fields[name], models.TextField) else [_plain(getattr(detail, name)), _plain(value)]
        for name, value in changed.items()
    }


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value
