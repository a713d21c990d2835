"""Macros as configuration rows."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.kernel.events.actions import Author
from mainstay.kernel.people.models import Organisation, Team
from mainstay.kernel.practice.apps import names_of_records
from mainstay.kernel.practice.configuration import ConfigurationKind, Field, Options, Row, register
from mainstay.kernel.practice.registry import kinds
from mainstay.kernel.records.configuration import category_options
from mainstay.kernel.records.models import Category, Visibility
from mainstay.support.incidents.models import HoldReason, Level
from mainstay.support.service_desk.actions.prepared import save_macro
from mainstay.support.service_desk.configuration.answers import AUDIENCE, PLACES
from mainstay.support.service_desk.configuration.desks import team_options
from mainstay.support.service_desk.models import Macro

LEVELS = {level.name.lower(): level for level in Level}
#: Columns that refer to a row by its slug.
REFERENCES: dict[str, Any] = {
    "organisation": Organisation,
    "team": Team,
    "category": Category,
    "assign_to": Team,
    "hold_reason": HoldReason,
    "closing_category": Category,
}


def _levels() -> Options:
    return [(name, level.label) for name, level in LEVELS.items()]


def _verbs() -> Options:
    """Return the moves of every kind, each once, but for assigning, which has fields of its own."""
    moves = {move.verb: move.label for kind in kinds.values() for move in kind.lifecycle.moves if move.verb != "assign"}
    return list(moves.items())


def _hold_reasons() -> Options:
    return list(HoldReason.objects.filter(retired=None).values_list("slug", "name"))


def _macros() -> dict[str, Row]:
    rows = Macro.objects.select_related(*REFERENCES)
    return {row.slug: _row(row) for row in rows}


def _row(macro: Macro) -> Row:
    slugs = {name: getattr(macro, name).slug if getattr(macro, name) else None for name in REFERENCES}
    levels = {name: Level(getattr(macro, name)).name.lower() if getattr(macro, name) else None for name in _LEVELLED}
    plain = ("name", "kind", "comment", "visibility", "watches", "takes", "hold_days", "words", "position")
    return {
        **{name: getattr(macro, name) for name in plain},
        **slugs,
        **levels,
        "verb": macro.verb or None,
        "retired": macro.retired is not None,
    }


_LEVELLED = ("impact", "urgency")


def _write_macro(*, by: Author, key: str, values: Row) -> None:
    found: dict[str, Any] = {
        name: model.objects.filter(slug=values[name]).first() for name, model in REFERENCES.items()
    }
    found |= {name: LEVELS[values[name]] if values[name] else None for name in _LEVELLED}
    save_macro(
        by=by,
        slug=key,
        **{**values, **found, "verb": values["verb"] or "", "visibility": values["visibility"] or Visibility.INTERNAL},
    )


WHAT = (
    Field("category", "choice", _("Set the category"), options=category_options),
    Field("impact", "choice", _("Set the impact"), options=_levels),
    Field("urgency", "choice", _("Set the urgency"), options=_levels),
    Field("comment", "long_text", _("Write"), PLACES, longest=20_000),
    Field(
        "visibility",
        "choice",
        _("Who reads it"),
        default=Visibility.INTERNAL.value,
        options=lambda: Visibility.choices,
    ),
    Field("watches", "yes_no", _("Let whoever applies it watch the case")),
    Field("assign_to", "choice", _("Assign to the team"), options=team_options, column=True),
    Field("takes", "yes_no", _("Assign to whoever applies it")),
    Field("verb", "choice", _("Then"), options=_verbs, column=True),
    Field("hold_reason", "choice", _("Reason for the hold"), options=_hold_reasons),
    Field("hold_days", "number", _("Days on hold"), _("0: until an answer comes."), maximum=365),
    Field("words", "long_text", _("Solution or reason"), PLACES, longest=20_000),
    Field("closing_category", "choice", _("Closing category"), options=category_options),
)
register(
    ConfigurationKind(
        name="macros",
        label=_("Macros"),
        singular=_("Macro"),
        icon="bolt",
        capability="contact.configure",
        subject="macro",
        help=_(
            "Several changes with one click, in the order of these fields: all of them or none, with the rights of "
            "whoever applies it."
        ),
        fields=(
            Field("name", "text", _("Name"), required=True, column=True, longest=100),
            Field(
                "kind",
                "choice",
                _("Kind of record"),
                required=True,
                options=lambda: list(names_of_records().items()),
                column=True,
            ),
            *WHAT,
            *AUDIENCE,
        ),
        read=_macros,
        write=_write_macro,
        find=lambda key: Macro.objects.filter(slug=key).first(),
    )
)
