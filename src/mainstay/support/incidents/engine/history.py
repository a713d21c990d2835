"""A history as plain data: what is known of one incident, whoever tells it."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Step(NamedTuple):
    """Something done to an incident: a verb of its lifecycle, or one of `OTHER_STEPS`.

    `by` and all references in `values` are ids; `occurred` is UTC.
    """

    verb: str
    occurred: datetime
    by: int | None = None
    values: Mapping[str, Any] = NOTHING
    reason: str = ""
    door: str = "command"


class History(NamedTuple):
    """All that is known of one incident, from its opening (UTC). References are ids."""

    title: str
    opened: datetime
    requester: int
    organisation: int
    description: str = ""
    impact: int = 3
    urgency: int = 3
    category: int | None = None
    team: int | None = None
    access: str = "public"
    source: str = "portal"
    attributes: Mapping[str, Any] = NOTHING
    opened_by: int | None = None
    door: str = "command"
    steps: tuple[Step, ...] = ()
    watchers: tuple[int, ...] = ()
    #: The number it had in the system it comes from; it resolves for ever and is imported once.
    former_number: str = ""
    #: What the links of other histories call it.
    key: str = ""


class Told(NamedTuple):
    """An event to be written."""

    past: str
    occurred: datetime
    by: int | None
    door: str
    changes: Mapping[str, Any]
    data: Mapping[str, Any]
    reason: str
    public: bool


class Impossible(ValueError):
    """A step that could not have happened as claimed; the message says which and why."""
