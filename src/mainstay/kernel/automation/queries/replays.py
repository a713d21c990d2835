"""What trying a rule found, as whoever tried it may read it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.automation.engine.comparing import PERSON
from mainstay.kernel.automation.models import Replay
from mainstay.kernel.automation.queries.candidates import people_by_uuid
from mainstay.kernel.automation.queries.traces import words_of
from mainstay.kernel.automation.registry import actions_of
from mainstay.kernel.records.models import Record
from mainstay.kernel.records.queries import visible_to


@dataclass(frozen=True)
class Tried:
    """A record that would have come out otherwise, in words."""

    record: Record
    before: list[tuple[str, str]]
    after: list[tuple[str, str]]


def replay_of(actor: Actor, kind: str, uuid: UUID) -> Replay | None:
    """Return a trial that the actor began, if it is one."""
    return Replay.objects.filter(kind=kind, uuid=uuid, person=actor.person).first()


def lines_of(actor: Actor, replay: Replay) -> list[Tried]:
    """Return the differences at records whose internal part the actor may read; the others are but counted."""
    ids = [record for record, _before, _after in replay.differences]
    records = visible_to(actor, "read_internal").in_bulk(ids)
    shown = [entry for entry in replay.differences if entry[0] in records]
    people = {each[PERSON] for _record, *both in shown for each in both if each.get(PERSON)}
    names = {key: person.name for key, person in people_by_uuid(people).items()} if people else {}
    words = words_of([replay.kind])[replay.kind]
    labels = {name: str(action.field.label) for name, action in actions_of(replay.kind).items()}

    def told(wanted: dict[str, Any]) -> list[tuple[str, str]]:
        found = [(labels[name], _value(wanted[name], words[name])) for name in labels if name in wanted]
        return [*found, (_("Person"), names.get(wanted[PERSON], "–"))] if PERSON in wanted else found

    return [Tried(records[record], told(before), told(after)) for record, before, after in shown]


def _value(value: Any, words: dict[str, str]) -> str:
    return ", ".join(words.get(str(each), str(each)) for each in (value if isinstance(value, list) else [value]))
