"""Which capabilities exist. Roles are composed of them; what is not declared here cannot be held."""

from collections.abc import Mapping
from typing import Any

_capabilities: dict[str, Any] = {}


def declare(capabilities: Mapping[str, Any]) -> None:
    """Declare capabilities: `{"incident.resolve": _("Resolve incidents")}`."""
    _capabilities.update(capabilities)


def capabilities() -> dict[str, Any]:
    """Return every declared capability with its label."""
    return dict(_capabilities)


def is_declared(capability: str) -> bool:
    """Return whether `capability`, with or without a reach, is declared."""
    return capability.partition(":")[0] in _capabilities
