"""How what happened to a record reads: one sentence for each event, and every changed value in words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.kernel.access.actor import DOOR_NAMES, Actor
from mainstay.kernel.practice.apps import names_of_records
from mainstay.kernel.practice.registry import kinds
from mainstay.kernel.records.links import LINK_KINDS
from mainstay.kernel.records.models import Access, Record
from mainstay.kernel.records.queries import visible_to
from mainstay.kernel.records.timeline import Entry
from mainstay.kernel.records.wording import FIELDS
from mainstay.kernel.web.formats import absolute_time

#: What an event says that every kind of record has, and the sign before it.
SENTENCES: dict[str, tuple[Any, str]] = {
    "edited": (gettext_lazy("%(who)s changed: %(what)s"), "pencil"),
    "commented": (gettext_lazy("%(who)s wrote a message"), "message"),
    "noted": (gettext_lazy("%(who)s wrote an internal note"), "lock"),
    "attached": (gettext_lazy("%(who)s attached a file"), "paperclip"),
    "linked": (gettext_lazy("%(who)s linked it: %(what)s"), "link"),
    "unlinked": (gettext_lazy("%(who)s removed a link: %(what)s"), "unlink"),
    "task_added": (gettext_lazy("%(who)s added a task"), "checklist"),
    "task_done": (gettext_lazy("%(who)s finished a task"), "square-check"),
    "task_reopened": (gettext_lazy("%(who)s reopened a task"), "checklist"),
    "work_logged": (gettext_lazy("%(who)s logged %(minutes)s min of work"), "clock"),
    "assigned": (gettext_lazy("%(who)s assigned it to %(to)s"), "user-check"),
    "handed_over": (gettext_lazy("%(who)s handed it over to %(to)s"), "arrow-right"),
    "escalated": (gettext_lazy("%(who)s escalated it to %(to)s"), "urgent"),
    "started": (gettext_lazy("%(who)s began to work on it"), "player-play"),
    "reopened": (gettext_lazy("%(who)s reopened it"), "arrow-back-up"),
    "closed": (gettext_lazy("%(who)s closed it"), "archive"),
    "cancelled": (gettext_lazy("%(who)s cancelled it"), "ban"),
    "promised": (gettext_lazy("%(who)s changed by when the caller hears next"), "calendar-event"),
    "update_due": (gettext_lazy("The caller is to hear from us soon"), "clock"),
    "update_overdue": (gettext_lazy("The caller should have heard from us by now"), "alert-triangle"),
    "links_revoked": (gettext_lazy("%(who)s made the links in mails invalid"), "unlink"),
    "mail_resent": (gettext_lazy("%(who)s sent a mail again"), "mail-forward"),
    "called": (gettext_lazy("%(who)s asked people to look at it"), "bell"),
    "merged": (gettext_lazy("%(who)s merged it into %(what)s"), "git-merge"),
    "unmerged": (gettext_lazy("%(who)s took the merge with %(what)s back"), "arrow-back-up"),
    "absorbed": (gettext_lazy("%(who)s merged %(what)s into it"), "git-merge"),
    "separated": (gettext_lazy("%(who)s took the merge with %(what)s back"), "arrow-back-up"),
    "reply_scheduled": (gettext_lazy("%(who)s wrote a reply that is sent later"), "clock"),
    "reply_changed": (gettext_lazy("%(who)s changed a reply that is sent later"), "pencil"),
    "reply_taken_back": (gettext_lazy("%(who)s took back a reply that was to be sent later"), "arrow-back-up"),
    "reply_left_out": (gettext_lazy("A reply that was to be sent was left out"), "alert-triangle"),
    "split": (gettext_lazy("%(who)s took messages out into %(what)s"), "scissors"),
    "split_off": (gettext_lazy("%(who)s took messages out of %(what)s into it"), "scissors"),
    "split_undone": (gettext_lazy("%(who)s took the splitting into %(what)s back"), "arrow-back-up"),
    "given_back": (gettext_lazy("%(who)s took the splitting from %(what)s back"), "arrow-back-up"),
    "converted": (gettext_lazy("%(who)s found out what it is: it was %(what)s before"), "git-branch"),
}


def tells(past: str, sentence: Any, icon: str) -> None:
    """Register what an event says that those above declare for records of several kinds; `%(what)s` is its own word."""
    SENTENCES[past] = (sentence, icon)


CHOICES: dict[str, Mapping[Any, Any]] = {"access": dict(Access.choices)}
INSTANTS = {"resume_at", "resolved", "closed", "due", "next_update"}
DOORS = {"api": gettext_lazy("through the API"), "mail": gettext_lazy("by e-mail")}


@dataclass(frozen=True)
class Change:
    """A changed field in words. `old` and `new` are None where only the fact is kept (long texts)."""

    label: str
    old: str | None = None
    new: str | None = None


@dataclass(frozen=True)
class Line:
    """An entry of the timeline as the page shows it."""

    entry: Entry
    who: str
    sentence: str
    icon: str
    via: str = ""
    through: str = ""
    changes: list[Change] = field(default_factory=list)


def lines(
    actor: Actor,
    entries: Iterable[Entry],
    sentences: Mapping[str, tuple[Any, str]],
    choices: Mapping[str, Mapping[Any, Any]],
    names: Callable[[list[Entry]], Mapping[tuple[str, Any], str]],
) -> list[Line]:
    """Return the entries in words: those of every record, and what one kind says beyond them.

    At most one query beside those of `names`, and none where no name has to be found.
    """
    # Files show with their comment; what is told to some people alone is their own affair.
    entries = [entry for entry in entries if not {"with_comment", "people"} & entry.data.keys()]
    words = Words({**SENTENCES, **sentences}, {**CHOICES, **choices}, {**_others(actor, entries), **names(entries)})
    return [_line(entry, words) for entry in entries]


@dataclass(frozen=True)
class Words:
    """What a timeline is told in: sentences of events, names of choices, names behind ids."""

    sentences: Mapping[str, tuple[Any, str]]
    choices: Mapping[str, Mapping[Any, Any]]
    names: Mapping[tuple[str, Any], str]


def _others(actor: Actor, entries: list[Entry]) -> dict[tuple[str, Any], str]:
    """Return the numbers of the records that links lead to, as far as the actor may know of them."""
    others = {entry.data["other"] for entry in entries if "other" in entry.data}
    records: dict[int, Record] = visible_to(actor).in_bulk(others) if others else {}
    return {("other", key): record.number for key, record in records.items()}


def _line(entry: Entry, words: Words) -> Line:
    who = entry.author.name if entry.author else _("Mainstay")
    happened = "noted" if entry.event == "commented" and not entry.public else entry.event
    sentence, icon = words.sentences.get(happened, (gettext_lazy("%(who)s did something"), "circle"))
    changes = [change for name, values in entry.changes.items() for change in _changes(entry, name, values, words)]
    details = {"who": who, "to": _to(entry), "what": _what(entry, words), "minutes": entry.data.get("minutes", "")}
    via = " · ".join(filter(None, (entry.number, str(DOORS.get(entry.door, "")))))
    through = str(DOOR_NAMES.get(entry.door, entry.door))
    return Line(entry, who, str(sentence) % details, icon, via, through, changes)


def _to(entry: Entry) -> str:
    if entry.whom is not None:
        return entry.whom.name
    given = [(entry.changes.get(name) or (None, None))[1] for name in ("assignee", "team")]
    return ", ".join(str(name) for name in given if name) or _("nobody")


def _what(entry: Entry, words: Words) -> str:
    if "what" in entry.data:
        return str(entry.data["what"])
    if "former" in entry.data:
        return str(entry.data["former"])
    if "other" in entry.data:
        number = words.names.get(("other", entry.data["other"]), _("another record"))
        if "kind" not in entry.data:
            return number
        kind = LINK_KINDS[entry.data["kind"]]
        return f"{kind.label if entry.data['outward'] else kind.inverse} {number}"
    if "hold_reason" in entry.changes:
        return words.names.get(("hold_reason", entry.changes["hold_reason"][1]), "–")
    return ", ".join(str(FIELDS.get(name, name)) for name in entry.changes)


def _changes(entry: Entry, name: str, values: Any, words: Words) -> list[Change]:
    label = str(FIELDS.get(name, name))
    if not values:
        return [Change(label)]
    old, new = values
    if name == "attributes":
        slugs = sorted({*(old or {}), *(new or {})})
        pairs = [(slug, (old or {}).get(slug), (new or {}).get(slug)) for slug in slugs]
        return [
            Change(slug, _word("", before, {}, words), _word("", after, {}, words))
            for slug, before, after in pairs
            if before != after
        ]
    known = _known(entry, name, words)
    return [Change(label, _word(name, old, known[0], words), _word(name, new, known[1], words))]


def _known(entry: Entry, name: str, words: Words) -> tuple[Mapping[Any, Any], Mapping[Any, Any]]:
    """Return what the values of a field are called before and after: a record's kind names its states."""
    if name == "kind":
        return (names_of_records(),) * 2
    if name != "state":
        return (words.choices.get(name, {}),) * 2
    before, after = entry.changes.get("kind") or (entry.kind, entry.kind)
    return _states(before), _states(after)


def _states(kind: str) -> dict[str, Any]:
    return {slug: state.label for slug, state in kinds[kind].lifecycle.states.items()}


def _word(name: str, value: Any, known: Mapping[Any, Any], words: Words) -> str:
    if value in (None, ""):
        return "–"
    if name in INSTANTS:
        return absolute_time(datetime.fromisoformat(value))
    return str(words.names.get((name, value)) or known.get(value, value))
