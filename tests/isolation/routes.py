"""Every way in: pages with their parameters, operations of the API, jobs. Read from the running configuration."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from mainstay.kernel.access.doors import EVERYONE, MARK

#: Pages that third parties bring and that guard themselves, by the start of their address, each with the reason.
THIRD_PARTY: dict[str, str] = {
    "accounts/oidc/": "begins a sign-in at an identity provider; nobody is signed in yet",
    "accounts/saml/": "begins or ends a sign-in at an identity provider; nobody is signed in yet",
}


@dataclass(frozen=True)
class Route:
    """A page or an operation: its pattern with named gaps, and the capability it is registered with, if any."""

    pattern: str
    parameters: tuple[str, ...]
    needs: str | None
    method: str
    view: Any

    @property
    def name(self) -> str:
        return f"{self.method} /{self.pattern}"


def pages() -> list[Route]:
    """Every address that is no operation of the API; the method is ANY, for each view decides itself."""
    return [
        Route(pattern, tuple(parameters), getattr(view, MARK, None), "ANY", view)
        for pattern, parameters, view in _walk(get_resolver(), "")
        if not pattern.startswith("api/")
    ]


def operations() -> list[Route]:
    """Every operation of the API."""
    from mainstay.site.api import api

    return [
        Route(path.lstrip("/"), tuple(re.findall(r"{(?:\w+:)?(\w+)}", path)), needs, method, None)
        for method, path, needs in api.operations()
    ]


def _walk(resolver: URLResolver, before: str) -> Iterator[tuple[str, list[str], Any]]:
    for entry in resolver.url_patterns:
        pattern = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield pattern, list(entry.pattern.regex.groupindex), entry.callback
        else:
            yield from _walk(entry, pattern)


def is_third_party(route: Route) -> bool:
    return any(route.pattern.startswith(start) for start in THIRD_PARTY)


def is_open(route: Route) -> bool:
    return route.needs == EVERYONE or is_third_party(route)
