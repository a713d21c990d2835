"""Checklists and runbooks as configuration rows."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.kernel.events.actions import Author
from mainstay.kernel.people.configuration import RETIRED, organisation_options
from mainstay.kernel.people.models import Organisation
from mainstay.kernel.practice.apps import names_of_records
from mainstay.kernel.practice.configuration import ConfigurationKind, Field, Row, register
from mainstay.kernel.records.configuration import category_options
from mainstay.kernel.records.models import Category
from mainstay.support.service_desk.actions.prepared import save_checklist, save_runbook
from mainstay.support.service_desk.models import Checklist, ForCases, Runbook

NAME = Field("name", "text", _("Name"), required=True, column=True, longest=100)
#: For which cases it is.
CASES = (
    Field(
        "kind",
        "choice",
        _("Kind of record"),
        _("Empty: every kind."),
        options=lambda: list(names_of_records().items()),
        column=True,
    ),
    Field("category", "choice", _("Category"), _("And all below it."), options=category_options, column=True),
    Field(
        "organisation", "choice", _("Organisation"), _("And all below it."), options=organisation_options, column=True
    ),
    Field("position", "number", _("Position"), _("Lower numbers come first.")),
    RETIRED,
)
#: Of each kind of row, what it has beyond that.
OWN: dict[type[ForCases], tuple[str, ...]] = {Checklist: ("items", "automatic"), Runbook: ("text",)}


def _rows(model: type[Any]) -> dict[str, Row]:
    return {
        row.slug: {
            "name": row.name,
            "kind": row.kind or None,
            "category": row.category.slug if row.category else None,
            "organisation": row.organisation.slug if row.organisation else None,
            "position": row.position,
            "retired": row.retired is not None,
            **{name: getattr(row, name) for name in OWN[model]},
        }
        for row in model.objects.select_related("category", "organisation")
    }


def _values(values: Row) -> Row:
    found = {
        "kind": values["kind"] or "",
        "category": Category.objects.filter(slug=values["category"]).first(),
        "organisation": Organisation.objects.filter(slug=values["organisation"]).first(),
    }
    return {**values, **found}


def _write_checklist(*, by: Author, key: str, values: Row) -> None:
    save_checklist(by=by, slug=key, **_values(values))


def _write_runbook(*, by: Author, key: str, values: Row) -> None:
    save_runbook(by=by, slug=key, **_values(values))


register(
    ConfigurationKind(
        name="checklists",
        label=_("Checklists"),
        singular=_("Checklist"),
        icon="checklist",
        capability="contact.configure",
        subject="checklist",
        help=_("Tasks that come together: by themselves with a category, or when an agent adds them."),
        fields=(
            NAME,
            Field(
                "items",
                "lines",
                _("Items"),
                _("One in each line. A ! before it: it must be done before the case can be resolved."),
                required=True,
                longest=252,
            ),
            Field("automatic", "yes_no", _("Cases get it by themselves"), column=True),
            *CASES,
        ),
        read=lambda: _rows(Checklist),
        write=_write_checklist,
        find=lambda key: Checklist.objects.filter(slug=key).first(),
    )
)
register(
    ConfigurationKind(
        name="runbooks",
        label=_("Runbooks"),
        singular=_("Runbook"),
        icon="book",
        capability="contact.configure",
        subject="runbook",
        help=_("Questions whose answers lead to further questions; each answer is kept with who gave it and when."),
        fields=(
            NAME,
            Field(
                "text",
                "long_text",
                _("Steps"),
                _(
                    "A step begins with its name, as in [light] Does it show a light? Below it an answer in each line, "
                    "and the step it leads to: - Yes -> paper. A step without answers is an end."
                ),
                required=True,
                longest=50_000,
            ),
            *CASES,
        ),
        read=lambda: _rows(Runbook),
        write=_write_runbook,
        find=lambda key: Runbook.objects.filter(slug=key).first(),
    )
)
