"""How what happened to an incident reads: one sentence for each event, and every changed value in words."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.kernel.access.actor import DOOR_NAMES, Actor
from mainstay.kernel.records.links import LINK_KINDS
from mainstay.kernel.records.models import Access, Record
from mainstay.kernel.records.queries import visible_to
from mainstay.kernel.records.timeline import Entry
from mainstay.kernel.records.wording import FIELDS
from mainstay.kernel.web.formats import absolute_time
from mainstay.support.incidents.lifecycle import LIFECYCLE
from mainstay.support.incidents.models import HoldReason, Level, Priority

#: What an event says, and the sign before it.
SENTENCES: dict[str, tuple[Any, str]] = {
    "created": (gettext_lazy("%(who)s opened this incident"), "plus"),
    "assigned": (gettext_lazy("%(who)s assigned it to %(to)s"), "user-check"),
    "started": (gettext_lazy("%(who)s began to work on it"), "player-play"),
    "held": (gettext_lazy("%(who)s put it on hold: %(what)s"), "player-pause"),
    "reminded": (gettext_lazy("%(who)s reminded the caller"), "bell"),
    "resumed": (gettext_lazy("%(who)s took it up again"), "player-play"),
    "resolved": (gettext_lazy("%(who)s resolved it"), "circle-check"),
    "reopened": (gettext_lazy("%(who)s reopened it"), "arrow-back-up"),
    "closed": (gettext_lazy("%(who)s closed it"), "archive"),
    "cancelled": (gettext_lazy("%(who)s cancelled it"), "ban"),
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
    "imported": (gettext_lazy("%(who)s changed it in the system it came from"), "circle"),
}
CHOICES: dict[str, dict[Any, Any]] = {
    "state": {slug: state.label for slug, state in LIFECYCLE.states.items()},
    "impact": dict(Level.choices),
    "urgency": dict(Level.choices),
    "priority": dict(Priority.choices),
    "access": dict(Access.choices),
}
INSTANTS = {"resume_at", "resolved", "closed"}
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


def lines(actor: Actor, entries: Iterable[Entry]) -> list[Line]:
    """Return the entries in words. At most two queries, and none where no name has to be found."""
    entries = [entry for entry in entries if "with_comment" not in entry.data]
    names = _names(actor, entries)
    return [_line(entry, names) for entry in entries]


def _names(actor: Actor, entries: list[Entry]) -> dict[tuple[str, Any], str]:
    """Return the names behind ids that the kernel's timeline leaves as they are."""
    held = {value for entry in entries for value in entry.changes.get("hold_reason") or () if value is not None}
    others = {entry.data["other"] for entry in entries if "other" in entry.data}
    reasons = HoldReason.objects.in_bulk(held) if held else {}
    records: dict[int, Record] = visible_to(actor).in_bulk(others) if others else {}
    return {
        **{("hold_reason", key): reason.name for key, reason in reasons.items()},
        **{("other", key): record.number for key, record in records.items()},
    }


def _line(entry: Entry, names: dict[tuple[str, Any], str]) -> Line:
    who = entry.author.name if entry.author else _("Mainstay")
    happened = "noted" if entry.event == "commented" and not entry.public else entry.event
    sentence, icon = SENTENCES.get(happened, (gettext_lazy("%(who)s did something"), "circle"))
    changes = [change for name, values in entry.changes.items() for change in _changes(name, values, names)]
    details = {"who": who, "to": _to(entry), "what": _what(entry, names), "minutes": entry.data.get("minutes", "")}
    via = str(DOORS.get(entry.door, ""))
    through = str(DOOR_NAMES.get(entry.door, entry.door))
    return Line(entry, who, str(sentence) % details, icon, via, through, changes)


def _to(entry: Entry) -> str:
    given = [(entry.changes.get(name) or (None, None))[1] for name in ("assignee", "team")]
    return ", ".join(str(name) for name in given if name) or _("nobody")


def _what(entry: Entry, names: dict[tuple[str, Any], str]) -> str:
    if "other" in entry.data:
        kind = LINK_KINDS[entry.data["kind"]]
        number = names.get(("other", entry.data["other"]), _("another record"))
        return f"{kind.label if entry.data['outward'] else kind.inverse} {number}"
    if "hold_reason" in entry.changes:
        return names.get(("hold_reason", entry.changes["hold_reason"][1]), "–")
    return ", ".join(str(FIELDS.get(name, name)) for name in entry.changes)


def _changes(name: str, values: Any, names: dict[tuple[str, Any], str]) -> list[Change]:
    label = str(FIELDS.get(name, name))
    if not values:
        return [Change(label)]
    old, new = values
    if name == "attributes":
        slugs = sorted({*(old or {}), *(new or {})})
        pairs = [(slug, (old or {}).get(slug), (new or {}).get(slug)) for slug in slugs]
        return [
            Change(slug, _word("", before, {}), _word("", after, {}))
            for slug, before, after in pairs
            if before != after
        ]
    return [Change(label, _word(name, old, names), _word(name, new, names))]


def _word(name: str, value: Any, names: dict[tuple[str, Any], str]) -> str:
    if value in (None, ""):
        return "–"
    if name in INSTANTS:
        return absolute_time(datetime.fromisoformat(value))
    return str(names.get((name, value)) or CHOICES.get(name, {}).get(value, value))
