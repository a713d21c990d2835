"""What other folders add to the frame around every page: the menu, the bell's count, quick creation."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

Provider = Callable[[HttpRequest], Any]

_providers: dict[str, Provider] = {}
#: What the frame shows where nobody provides it.
NOTHING: dict[str, Any] = {"menu": (), "creations": (), "unread": 0, "search_url": "", "notifications_url": "", "home_url": "/"}


@dataclass(frozen=True)
class MenuEntry:
    """A line of the left rail or of the quick-create menu. `counter` is a number, or None for none."""

    label: Any
    url: str
    icon: str
    counter: int | None = None
    active: bool = False
    section: Any = ""


def frame(name: str) -> Callable[[Provider], Provider]:
    """Register the function that provides one part of the frame from the request; it runs only if a page asks.

    Parts: `menu` and `creations` (sequences of MenuEntry), `unread` (a number), `search_url`,
    `notifications_url`, `home_url`. Raises ValueError for a part the frame does not have or that is taken.
    """
    if name not in NOTHING or name in _providers:
        raise ValueError(f"the frame has no free part {name!r}")

    def register(function: Provider) -> Provider:
        _providers[name] = function
        return function

    return register


def parts(request: HttpRequest) -> dict[str, Callable[[], Any]]:
    """Return the frame's parts as functions without arguments, so that a fragment pays for none of them."""
    return {name: _part(name, request) for name in NOTHING}


def _part(name: str, request: HttpRequest) -> Callable[[], Any]:
    provider = _providers.get(name)
    return (lambda: provider(request)) if provider else (lambda: NOTHING[name])
