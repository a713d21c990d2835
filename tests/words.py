"""What people read in an answer of the application, and which of it never went through the catalogues."""

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.db.models import CharField, JSONField, TextField
from django.utils import translation

from mainstay.kernel.web import fragments, markup

OPEN, CLOSE = "⟦", "⟧"
#: What stands in these is no sentence: keys, names of fields in data, moments.
QUIET = {"script", "style", "kbd", "code", "time", "svg", "pre"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SPOKEN = {"alt", "aria-label", "placeholder", "title", "data-one", "data-many", "data-minutes", "data-hours"}


def speak_pseudo(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every message come out in brackets, so that what has none was never looked up."""

    def one(message: str) -> str:
        return f"{OPEN}{message}{CLOSE}" if message else ""

    def many(singular: str, plural: str, number: float) -> str:
        return one(singular if number == 1 else plural)

    translation.activate("en")
    catalogue = translation._trans
    for kept in ("_translated", "_time_tag"):
        monkeypatch.setattr(markup, kept, getattr(markup, kept).__wrapped__)
    monkeypatch.setattr(fragments, "_rendered", fragments._rendered.__wrapped__)
    monkeypatch.setattr(catalogue, "gettext", one)
    monkeypatch.setattr(catalogue, "ngettext", many)
    monkeypatch.setattr(catalogue, "pgettext", lambda context, message: one(message))
    monkeypatch.setattr(catalogue, "npgettext", lambda context, *rest: many(*rest))


class Reader(HTMLParser):
    """Gathers what a page says, in text and in what is read aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.quiet = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.quiet += tag in QUIET or ("translate", "no") in attrs or self.quiet > 0
        self.said.extend(value for name, value in attrs if value and name in SPOKEN)

    def handle_endtag(self, tag: str) -> None:
        self.quiet = max(self.quiet - 1, 0) if tag not in VOID else self.quiet

    def handle_data(self, data: str) -> None:
        if not self.quiet and data.strip():
            self.said.append(" ".join(data.split()))


def said_in(page: str) -> list[str]:
    """Return the texts of a page."""
    reader = Reader()
    reader.feed(page)
    return reader.said


def outside_brackets(text: str) -> str:
    """Return what of a text did not come from a catalogue; what is set into a message counts as its own."""
    depth, rest = 0, []
    for character in text:
        depth += character == OPEN
        if not depth:
            rest.append(character)
        depth -= character == CLOSE
    return "".join(rest)


class Plain:
    """Finds words that nobody looked up and that are neither the data `own` nor names."""

    def __init__(self, own: Iterable[str], names: re.Pattern[str]) -> None:
        #: Longest first: a name may be part of another.
        self.own = sorted({value for value in own if re.search("[A-Za-z]", value)}, key=len, reverse=True)
        self.names = names
        self.known: dict[str, bool] = {}

    def words(self, page: str) -> set[str]:
        """Return the texts of a page that hold such a word. Most stand on many pages and are looked at once."""
        said = {text: outside_brackets(text) for text in said_in(page)}
        for rest in {*said.values()} - {*self.known}:
            self.known[rest] = self._is_plain(rest)
        return {text for text, rest in said.items() if self.known[rest]}

    def _is_plain(self, text: str) -> bool:
        """Names may stand in data and data in names, so either may be taken away first."""
        rests = self.names.sub(" ", self._without_own(text)), self._without_own(self.names.sub(" ", text))
        return all(re.search("[A-Za-z]{2,}", rest) for rest in rests)

    def _without_own(self, text: str) -> str:
        for value in self.own:
            if value in text:
                text = text.replace(value, " ")
        return text


def data_of_the_instance() -> Iterator[str]:
    """Return every text that the tables hold: what people wrote, and the rows shipped, which are data too."""
    for model in apps.get_models():
        if not model.__module__.startswith(("mainstay.", "allauth.")):
            continue
        columns = [each.name for each in model._meta.local_concrete_fields if isinstance(each, CharField | TextField)]
        for row in model._default_manager.values_list(*columns) if columns else []:
            yield from (text for value in row if isinstance(value, str) for text in _lines(value))
        for column in [each.name for each in model._meta.local_concrete_fields if isinstance(each, JSONField)]:
            for value in model._default_manager.values_list(column, flat=True):
                yield from _texts(value)


def _lines(value: str) -> Iterator[str]:
    """Return a text whole and in the parts that a page makes of it: lines, and what stands around its links."""
    parts = (part for line in value.splitlines() for part in re.split(r"(https?://\S+)", line))
    yield from (" ".join(text.split()) for text in (value, *value.splitlines(), *parts) if text.strip())


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for each in value.values() for text in _texts(each))
    elif isinstance(value, list):
        yield from (text for each in value for text in _texts(each))
