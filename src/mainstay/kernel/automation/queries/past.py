"""Past records as rules would have been asked of them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from mainstay.kernel.automation.engine.comparing import Choice, Run
from mainstay.kernel.automation.engine.planning import CREATED
from mainstay.kernel.automation.models import Trace
from mainstay.kernel.automation.queries.books import Kept
from mainstay.kernel.automation.queries.candidates import candidates_in
from mainstay.kernel.automation.queries.facts import facts_of
from mainstay.kernel.automation.registry import automated
from mainstay.kernel.events.models import Event

#: Records that are read at once.
CHUNK = 100


def past_records(kind: str, organisations: Collection[int], number: int) -> list[int]:
    """Return the ids of the newest records of a kind in some organisations, the newest first."""
    rows = automated()[kind].model._default_manager.filter(kind=kind, organisation_id__equals_any=list(organisations))
    return list(rows.order_by("-opened", "-pk").values_list("pk", flat=True)[:number])


def runs_of(kind: str, ids: Sequence[int], kept: Kept) -> Iterator[tuple[int, list[Run]]]:
    """Return, for each record, the times at which rules were asked of it, oldest first.

    Where no account was kept of how it came in, its first fields are read from its events.
    """
    traces: dict[int, list[Trace]] = {}
    for trace in Trace.objects.filter(record_id__in=ids, kind=kind).order_by("pk"):
        traces.setdefault(trace.record_id, []).append(trace)
    untold = [key for key in ids if not any(CREATED in trace.occasions for trace in traces.get(key, ()))]
    first = _first_runs(kind, untold, kept) if untold else {}
    for key in ids:
        found = [_run(trace) for trace in traces.get(key, ())]
        yield key, [first[key], *found] if key in first else found


def _run(trace: Trace) -> Run:
    choice = trace.choice and Choice(
        trace.choice["team"], trace.choice["hours"], trace.choice["open"], tuple(candidates_in(trace.choice))
    )
    return Run(trace.facts, frozenset(trace.occasions), choice)


def _first_runs(kind: str, ids: Sequence[int], kept: Kept) -> dict[int, Run]:
    rows = automated()[kind].model._default_manager.filter(pk__in=ids)
    records = {row.pk: row for row in rows.select_related("organisation", "requester", "team")}
    changes: dict[int, list[Mapping[str, Any]]] = {}
    for event in Event.objects.filter(record_id__in=ids).order_by("-id").only("record_id", "changes"):
        changes.setdefault(event.record_id or 0, []).append(event.changes)
    return {
        key: Run(_as_it_came(record, changes.get(key, ()), kept), frozenset({CREATED}))
        for key, record in records.items()
    }


def _as_it_came(record: Any, changes: Sequence[Mapping[str, Any]], kept: Kept) -> dict[str, Any]:
    """Return the facts of a record before all that its events, the newest first, changed since it came in.

    Bodies are not kept in events: a text is asked as it is now, and what came in as another kind as the kind it became.
    A team that merely answers for it was chosen by nobody.
    """
    columns = {field.name: field.attname for field in record._meta.concrete_fields}
    for each in changes:
        for name, values in each.items():
            if values and name in columns and name != "kind":
                setattr(record, columns[name], values[0])
    undecided = {"team"} if record.team_id is not None and record.team_id == record.owner_id else set()
    facts = facts_of(record, kept, undecided)
    opened: datetime = record.opened.astimezone(ZoneInfo(record.organisation.zone))
    return facts | {"weekday": opened.isoweekday(), "hour": opened.hour}
