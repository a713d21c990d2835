"""What was prepared for many cases, as it fits one of them: canned answers with their places filled in, and macros."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Model, Q, QuerySet
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.people.models import Organisation
from mainstay.kernel.practice.errors import Missing
from mainstay.kernel.practice.registry import kinds
from mainstay.kernel.records.models import Category, Record
from mainstay.kernel.records.queries import category_path, find_internal
from mainstay.support.incidents import queries as incidents
from mainstay.support.service_desk import queries
from mainstay.support.service_desk.engine.placeholders import fill
from mainstay.support.service_desk.models import CannedAnswer, Macro

Row = TypeVar("Row", bound=Model)
#: The most that a page offers of a kind.
MOST = 100


class Placeholder(NamedTuple):
    """A place in a text: what it stands for, and its value on a case for the one who writes."""

    label: Any
    value: Callable[[Record, Actor], str]


#: Every place a text may have. All of it may be known to the requester.
PLACEHOLDERS: Mapping[str, Placeholder] = {
    "number": Placeholder(_("Number of the case"), lambda record, actor: record.number),
    "title": Placeholder(_("Title of the case"), lambda record, actor: record.title),
    "caller": Placeholder(_("Name of the caller"), lambda record, actor: _name(record.requester)),
    "organisation": Placeholder(_("Organisation of the case"), lambda record, actor: record.organisation.name),
    "state": Placeholder(_("State, as requesters read it"), lambda record, actor: _state(record)),
    "category": Placeholder(_("Category"), lambda record, actor: _path(record.category)),
    "opened": Placeholder(_("Date on which it was opened"), lambda record, actor: _opened(record)),
    "team": Placeholder(_("Team that has it"), lambda record, actor: _name(record.team)),
    "agent": Placeholder(_("Name of the one who writes"), lambda record, actor: _name(actor.person)),
}


def _name(row: Any) -> str:
    return row.name if row else ""


def _path(category: Category | None) -> str:
    return category_path(category) if category else ""


def _state(record: Record) -> str:
    return str(kinds[record.kind].lifecycle.states[record.state].requester_label)


def _opened(record: Record) -> str:
    return date_format(record.opened.astimezone(ZoneInfo(record.organisation.zone)), "DATE_FORMAT")


def filled(text: str, record: Record, actor: Actor, language: str = "") -> str:
    """Return a prepared text as it reads on a case when `actor` writes it, in a language or that of `actor`."""
    with translation.override(language or translation.get_language()):
        return fill(text, {name: place.value(record, actor) for name, place in PLACEHOLDERS.items()})


def fitting(rows: QuerySet[Row], actor: Actor, organisation: Organisation) -> QuerySet[Row]:
    """Return the rows in use that are for cases of an organisation and for a team of `actor`, or for everybody."""
    return rows.filter(
        Q(organisation=None) | Q(organisation__descents__descendant=organisation),
        Q(team=None) | Q(team__in=actor.standing.team_ids),
        retired=None,
    )


def answers_for(actor: Actor, record: Record, text: str = "") -> list[tuple[CannedAnswer, str]]:
    """Return the canned answers that fit a case and contain `text`, each with its words as they read there."""
    found = fitting(CannedAnswer.objects.all(), actor, record.organisation)
    if text := text.replace("\x00", "").strip():
        found = found.filter(Q(name__icontains=text) | Q(body__icontains=text))
    return [(answer, filled(answer.body, record, actor, answer.language)) for answer in found[:MOST]]


def macros_for(actor: Actor, record: Record) -> list[Macro]:
    """Return the macros that are for a case and for `actor`, whether or not they are possible now."""
    return list(fitting(Macro.objects.filter(kind=record.kind), actor, record.organisation)[:MOST])


def macro_for(actor: Actor, record: Record, slug: str) -> Macro:
    """Return one of the macros for a case. Raises Missing if there is none."""
    whole = ("category__parent", "assign_to", "hold_reason", "closing_category__parent")
    macros = fitting(Macro.objects.filter(kind=record.kind), actor, record.organisation)
    found = macros.select_related(*whole).filter(slug=slug).first()
    if found is None:
        raise Missing(translation.gettext("There is nothing here, or you may not see it."))
    return found


def macros_of(actor: Actor, kind: str) -> list[Macro]:
    """Return the macros for some records of a kind that `actor` may use, for acting on many."""
    mine = Q(team=None) | Q(team__in=actor.standing.team_ids)
    return list(Macro.objects.filter(mine, kind=kind, retired=None)[:MOST])


#: Finds a case as its own kind has it.
_OF_KIND: Mapping[str, Any] = {"contact": queries.get, "incident": incidents.get}


def case_for_work(actor: Actor, number: str) -> Any:
    """Return the case with this number, of any kind, if `actor` sees its internal part. Raises Missing if not."""
    record = find_internal(actor, number)
    return _OF_KIND[record.kind](actor, record.number)


class Prepared(NamedTuple):
    """Which kinds of prepared work there are at all."""

    answers: bool
    macros: bool
    checklists: bool
    runbooks: bool
    #: Whether who writes is asked to pass it on, by a policy of links.
    passing_on: bool


def prepared() -> Prepared:
    """Return what has been prepared, for whomever, in one statement: most pages need to ask no further."""
    with connection.cursor() as cursor:
        cursor.execute(PREPARED)
        return Prepared(*cursor.fetchone())


PREPARED = """
SELECT EXISTS (SELECT FROM service_desk_cannedanswer WHERE retired IS NULL),
       EXISTS (SELECT FROM service_desk_macro WHERE retired IS NULL),
       EXISTS (SELECT FROM service_desk_checklist WHERE retired IS NULL),
       EXISTS (SELECT FROM service_desk_runbook),
       EXISTS (SELECT FROM service_desk_linkpolicy WHERE commenting = 'ask')
"""
