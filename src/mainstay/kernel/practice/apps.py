"""What a folder of the house declares about itself, and the rooms Django must know of at start."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import AppConfig, apps
from django.utils.functional import lazy

from mainstay.kernel.practice.registry import Kind, kinds, name_of_state

#: Rooms that register something when imported. Everything else is imported by whoever needs it.
REGISTERING_ROOMS = ("capabilities", "declarations", "configuration", "reactions", "panels")


class Room(AppConfig):
    """A folder of the kernel: its registering rooms are imported once all models are loaded."""

    def ready(self) -> None:
        for room in REGISTERING_ROOMS:
            if find_spec(f"{self.name}.{room}"):
                import_module(f"{self.name}.{room}")


class Practice(Room):
    """A practice of service management: a folder of `support` or `delivery`.

    `kind` is the value of `Record.kind` and the first word of capabilities and events; `verbose_name` is what people
    call it and `singular` one record of it; `prefix` starts its numbers (`INC-000123`); `icon` names a symbol of the
    sprite; `place` orders the menu, lowest first.
    """

    kind: str
    singular: Any
    prefix: str
    icon: str
    place: int

    def ready(self) -> None:
        lifecycle = import_module(f"{self.name}.lifecycle").LIFECYCLE
        _let_states_be_named(self.kind, lifecycle)
        kinds[self.kind] = Kind(self.kind, self.prefix, self.icon, self.place, lifecycle)
        super().ready()


def _let_states_be_named(kind: str, lifecycle: Any) -> None:
    """Let each label of a state ask for the administrator's words whenever it is shown, wherever it is shown.

    States are frozen data and stay equal to themselves: labels take no part in comparing them.
    """
    for state in lifecycle.states.values():
        for name, audience in (("label", "agents"), ("requester_label", "requesters")):
            named = lazy(name_of_state, str)(kind, state.slug, audience, getattr(state, name))
            object.__setattr__(state, name, named)


def names_of_practices() -> dict[str, Any]:
    """Return what each practice is called, by the kind of its records."""
    return {each.kind: each.verbose_name for each in apps.get_app_configs() if isinstance(each, Practice)}


class PracticeRoom(Room):
    name = "mainstay.kernel.practice"
    label = "practice"


def names_of_records() -> dict[str, Any]:
    """Return what one record of each practice is called, by its kind."""
    return {each.kind: each.singular for each in apps.get_app_configs() if isinstance(each, Practice)}
