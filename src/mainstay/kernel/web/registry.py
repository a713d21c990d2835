"""What other folders add to the frame around every page: the menu, the bell's count, quick creation."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

Provider = Callable[[HttpRequest], Any]

_providers: dict[str, list[Provider]] = {}
#: What the frame shows where nobody provides it.
NOTHING: dict[str, Any] = {
    "menu": (),
    "creations": (),
    "person_links": (),
    "notices": (),
    "unread": 0,
    "search_url": "",
    "notifications_url": "",
    "home_url": "/",
    "sign_out_url": "",
}


@dataclass(frozen=True)
class MenuEntry:
    """A line of the rail, of the quick-create menu or of the person's menu; `counter` is a number or None.

    `key` is the single key that leads there after `g`.
    """

    label: Any
    url: str
    icon: str
    counter: int | None = None
    active: bool = False
    section: Any = ""
    key: str = ""


@dataclass(frozen=True)
class Notice:
    """What start pages say first: a sentence, when it holds, and the page that says more.

    `kind` is info, warning or danger.
    """

    title: str
    when: str
    url: str
    kind: str = "info"


def frame(name: str) -> Callable[[Provider], Provider]:
    """Register what provides one part of the frame from the request; it runs only if a page asks.

    Parts: `menu`, `creations` and `person_links` (sequences of MenuEntry), `notices` (a sequence of Notice), `unread`
    (a number), and the addresses `search_url`, `notifications_url`, `home_url`, `sign_out_url`; an empty one hides its
    control. Sequences may have many providers, one after the other from the bottom of the house to its top. Raises
    ValueError for a part that the frame does not have, or that takes one provider and has it.
    """
    if name not in NOTHING or (name in _providers and not isinstance(NOTHING[name], tuple)):
        raise ValueError(f"the frame has no free part {name!r}")

    def register(function: Provider) -> Provider:
        _providers.setdefault(name, []).append(function)
        return function

    return register


#: What may be done with what a record is related to, for the one who looks at its page.
RelatedDeeds = Callable[[Any, Any, Sequence[Any]], Iterable[MenuEntry]]
related_deeds: list[RelatedDeeds] = []


def on_related(provider: RelatedDeeds) -> RelatedDeeds:
    """Register what leads from the related records on a record's page further: it is given the actor, the record and
    its relations (`records.surroundings.Related`), and asks the database nothing."""
    related_deeds.append(provider)
    return provider


@dataclass(frozen=True)
class Choice:
    """A line of the command palette: where it leads, and a word about what it is."""

    label: str
    url: str
    icon: str = "arrow-right"
    hint: str = ""


#: Answers the palette's question with choices for the one who asks, best first.
PaletteSource = Callable[[HttpRequest, str], Iterable[Choice]]
palette_sources: list[PaletteSource] = []


def palette(source: PaletteSource) -> PaletteSource:
    """Register a source of the command palette; it is asked with the request and what was typed."""
    palette_sources.append(source)
    return source


def parts(request: HttpRequest) -> dict[str, Callable[[], Any]]:
    """Return the frame's parts as functions without arguments, so that a fragment pays for none of them."""
    return {name: _part(name, request) for name in NOTHING}


def _part(name: str, request: HttpRequest) -> Callable[[], Any]:
    providers, nothing = _providers.get(name, []), NOTHING[name]
    if isinstance(nothing, tuple):
        return lambda: tuple(entry for provider in providers for entry in provider(request))
    return (lambda: providers[0](request)) if providers else (lambda: nothing)
