"""Lists of records as pages draw them, of one kind or of all."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup

from mainstay.kernel.lifecycle import State
from mainstay.kernel.practice.apps import names_of_records
from mainstay.kernel.practice.registry import kinds
from mainstay.kernel.records.attention import ATTENTIONS
from mainstay.kernel.records.columns import COLUMNS, known, shown
from mainstay.kernel.records.filters import FILTERS
from mainstay.kernel.records.lists import DEFAULT_SORT, SORTS, Selection
from mainstay.kernel.web.fragments import kept
from mainstay.kernel.web.markup import time_tags
from mainstay.kernel.web.records.pages import label_of

#: Columns that show when something was.
INSTANTS = ("opened", "updated", "due", "next_update", "resolved")


def drawn(
    selection: Selection, found: list[dict[str, Any]], priorities: Mapping[int, Any], *, selectable: bool = True
) -> list[Markup]:
    """Return the rows as they are drawn; the same ones as before are not drawn again."""
    row, columns = kept("web/records/_row.html", "row"), selection.columns
    cells = [_cell(name, priorities) for name in columns]
    return [
        row(each["number"], label_of(each["kind"]), selectable, columns, *(cell(each) for cell in cells))
        for each in found
    ]


def _cell(name: str, priorities: Mapping[int, Any]) -> Callable[[dict[str, Any]], object]:
    """Return what makes the cell of one column from a row."""
    if name == "state":
        chip = kept("web/components/badges.html", "state")
        states = {(kind, slug): str(state.label) for kind, slug, state in _every_state()}
        return lambda row: chip(states[row["kind"], row["state"]], row["state_category"])
    if name == "priority":
        level, words = kept("web/components/badges.html", "priority"), priorities
        return lambda row: level(row["priority"], str(words[row["priority"]]))
    if name == "kind":
        called = names_of_records()
        return lambda row: str(called[row["kind"]])
    if name == "attention":
        mark = kept("web/components/badges.html", "attention")
        reasons = {reason: str(label) for reason, label in ATTENTIONS.items()}
        return lambda row: mark(row["attention"], reasons.get(row["attention"], ""))
    if name in INSTANTS:
        when = time_tags()
        return lambda row: when(row[name])
    return lambda row: _text(shown(row, name))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return "" if value is None else str(value)


def headings(selection: Selection) -> list[tuple[str, Any]]:
    """Return the chosen columns with their headings."""
    columns = known(selection.kind, selection.columns)
    return [(name, columns[name].label) for name in selection.columns]


def chips(selection: Selection) -> list[tuple[Any, str, str]]:
    """Return the filters that are set: name, value, and the address of the list without it."""
    return [
        (FILTERS[slug].label, chosen.label, selection.without(slug, chosen.value).address())
        for slug, values in selection.filters.items()
        for chosen in values
    ]


def _every_state() -> Iterator[tuple[str, str, State]]:
    for kind in kinds.values():
        for slug, state in kind.lifecycle.states.items():
            yield kind.name, slug, state


def kept_values(offered: list[tuple[str, Any]], chosen: list[str]) -> list[tuple[str, Any]]:
    """Return the chosen values that are not offered, so that applying the form does not lose them."""
    return [(value, value) for value in chosen if value not in dict(offered)]


def orders() -> list[tuple[str, Any]]:
    """Return each order with its words, the usual one first. The most urgent priority is 1."""
    words = {name: _("%(column)s, oldest first") for name in SORTS}
    words |= {f"-{name}": _("%(column)s, newest first") for name in SORTS}
    words |= {"priority": _("%(column)s, most urgent first"), "-priority": _("%(column)s, least urgent first")}
    orders = [(sort, text % {"column": COLUMNS[sort.removeprefix("-")].label}) for sort, text in words.items()]
    return sorted(orders, key=lambda order: order[0] != DEFAULT_SORT)
