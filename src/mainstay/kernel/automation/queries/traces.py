"""The account of what rules did to a record, as somebody may read it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.automation.engine.choosing import in_order
from mainstay.kernel.automation.models import Trace
from mainstay.kernel.automation.queries.candidates import candidates_in, people_by_uuid
from mainstay.kernel.automation.registry import actions_of, fields_of
from mainstay.kernel.automation.wording import REFUSED, occasion_in_words
from mainstay.kernel.people.models import Person
from mainstay.kernel.records.models import Record
from mainstay.kernel.records.queries import reads_internal

#: So many runs are told, the newest first.
MOST = 20
Line = tuple[str, str]


@dataclass(frozen=True)
class Told:
    """A rule that fitted: what it found, what it did, what it did not do and why, or why it could not be asked."""

    rule: str
    name: str
    because: list[Line]
    does: list[Line]
    refused: list[Line]
    failed: str


@dataclass(frozen=True)
class Chosen:
    """How a person was chosen: the way, the candidates in their order, and who it was; nobody while it was closed."""

    strategy: str
    candidates: list[str]
    chosen: str
    open: bool


@dataclass(frozen=True)
class Account:
    """One time at which rules were asked, and what came of it."""

    at: datetime
    occasions: list[str]
    rules: list[Told]
    choice: Chosen | None
    failed: str


def accounts(actor: Actor, record: Record) -> list[Account]:
    """Return the newest times at which rules did something to a record, for who reads its internal part.

    Neither loads nor teams that do not work for the record's organisation are told: they say something of records that
    the reader may not see.
    """
    if not reads_internal(actor, record):
        return []
    traces = [trace for trace in Trace.objects.filter(record_id=record.pk).order_by("-pk")[:MOST] if trace.steps]
    uuids = {one["person"] for trace in traces if trace.choice for one in trace.choice["candidates"]}
    people = people_by_uuid(uuids) if uuids else {}
    words = words_of(trace.kind for trace in traces)
    return [_account(trace, words[trace.kind], people) for trace in traces]


def words_of(kinds: Iterable[str]) -> dict[str, dict[str, dict[str, str]]]:
    """Return what the values of actions are called, by kind and action."""
    return {
        kind: {
            name: {str(value): str(label) for value, label in (action.field.options or list)()}
            for name, action in actions_of(kind).items()
        }
        for kind in set(kinds)
    }


def _account(trace: Trace, words: Mapping[str, Mapping[str, str]], people: Mapping[str, Person]) -> Account:
    return Account(
        trace.at,
        [occasion_in_words(trace.kind, name) for name in trace.occasions],
        [_told(trace, step, words) for step in trace.steps],
        _choice(trace.choice, words, people) if trace.choice else None,
        trace.failed,
    )


def _told(trace: Trace, step: Mapping[str, Any], words: Mapping[str, Mapping[str, str]]) -> Told:
    fields, actions, teams = fields_of(trace.kind), actions_of(trace.kind), trace.facts["teams"]
    because = [
        (str(field.label), _plain(step["because"][name]))
        for name, field in fields.items()
        if field.shown and name in step["because"]
    ]
    does = [
        (str(action.field.label), _value(name, step["does"][name], words[name], teams))
        for name, action in actions.items()
        if name in step["does"]
    ]
    refused = [(str(actions[name].field.label), str(REFUSED[why])) for name, why in step["refused"].items()]
    failed = _("It could not be asked.") if step["failed"] else ""
    return Told(step["rule"], step["name"], because, does, refused, failed)


def _value(name: str, value: str, words: Mapping[str, str], teams: Iterable[str]) -> str:
    """Return a value in words; nothing for a team that does not work for the record's organisation."""
    return "" if name in ("team", "watchers", "call") and value not in teams else words.get(value, value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return ", ".join(value) if isinstance(value, list) else str(value) or "–"


def _choice(choice: Mapping[str, Any], words: Mapping[str, Mapping[str, str]], people: Mapping[str, Person]) -> Chosen:
    order = in_order(choice["strategy"], candidates_in(choice))
    names = [people[one.person].name for one in order if one.person in people]
    chosen = people.get(choice["chosen"] or "")
    return Chosen(words["assignee"][choice["strategy"]], names, chosen.name if chosen else "", choice["open"])
