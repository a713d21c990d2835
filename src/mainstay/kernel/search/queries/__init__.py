"""Searching records, as somebody: hits, counts and excerpts come only from what they may read."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, lru_cache, reduce
from operator import and_
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchHeadline, SearchRank
from django.db.models import BigIntegerField, F, Q, QuerySet, TextField
from django.db.models.functions import Left
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.engine.decision import Place, Standing
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.practice.registry import kinds
from mainstay.kernel.practice.statements import KEPT, Statement
from mainstay.kernel.records.labels import Audience, state_label
from mainstay.kernel.records.queries import visible_to
from mainstay.kernel.search.engine.excerpts import BEGIN, END, Piece, pieces
from mainstay.kernel.search.engine.operators import Asked, parsed, written
from mainstay.kernel.search.engine.terms import Terms, cleaned, numbers_meant, taken_apart
from mainstay.kernel.search.models import SearchDocument
from mainstay.kernel.search.queries.corrections import corrections
from mainstay.kernel.search.queries.operators import Conditions, Shape, operators, understood
from mainstay.kernel.search.queries.reading import documents_of
from mainstay.kernel.search.queries.wording import tsquery

#: Counting stops here, and no more are ranked: the newest that match.
MOST = 1000
LONGEST_PAGE = 200
UNREACHED = 2**40
#: An excerpt is looked for in so many first characters; where no word was asked for it is the first so many.
EXCERPTED, BEGINNING = 20_000, 200


@dataclass(frozen=True)
class Hit:
    """A record that was found. `excerpt` is taken from the part that the actor may read."""

    kind: str
    number: str
    title: str
    state: str
    state_label: str
    state_category: str
    priority: int
    updated: datetime
    excerpt: list[Piece]
    #: Whether the text asked for this very number.
    exact: bool = False
    #: The number of the record that it was merged into, where the actor may see that.
    merged_into: str = ""

    @property
    def address(self) -> str:
        """The address that leads to its page."""
        return f"/records/{self.number}"

    @property
    def snippet(self) -> str:
        """The excerpt as plain text."""
        return "".join(piece.text for piece in self.excerpt)


@dataclass(frozen=True)
class Found:
    """A page of hits, best first. `count` goes up to 1,000 and `more` says that there are further ones.

    `next` is the cursor of the next page, None on the last. Where nothing was found, `correction` is a search that
    differs by slips of the keys and does find something, if there is one.
    """

    hits: list[Hit]
    count: int = 0
    more: bool = False
    next: str | None = None
    correction: str = ""


def search(actor: Actor, text: str, *, limit: int = 20, cursor: str | None = None) -> Found:
    """Return the records that `actor` may see and `text` finds.

    `text` is what people type: words (all must occur, endings aside), "phrases", or, -not, and operators: `team:desk`,
    `-state:closed`; the last word may be a beginning. A number (`INC-123`, `123`) finds its record first. `limit` is 1
    to 200. Raises Invalid for a refused `limit` or `cursor`, and keyed `q` for an operator or value that there is not.
    Three queries at most, and those that find out what operators name; of many matches the newest 1,000 are ranked.
    Only where nothing is found, more are asked for what may have been meant.
    """
    begin = _checked(limit, cursor)
    wanted = parsed(cleaned(text), operators())
    found = _found(actor, wanted, begin, limit)
    if found.hits or begin:
        return found
    near = (written(each) for each in corrections(actor, wanted) if _found(actor, each, 0, 1).hits)
    return replace(found, correction=next(near, ""))


def _found(actor: Actor, wanted: Asked, begin: int, limit: int) -> Found:
    conditions = understood(actor, wanted.operators)
    terms = taken_apart(wanted.words)
    if not terms.text and not conditions.shapes:
        return Found([])
    asked = _asked(actor, terms)
    meant = _meant(actor, terms.text, conditions)
    matching = _matching(actor.standing, tuple(asked), conditions.shapes)(**asked, **conditions.given)
    found = [*meant, *(document for document in matching[:MOST] if document not in meant)][:MOST]
    end = begin + limit
    return Found(
        hits=_hits(actor, found[begin:end], asked, exact=meant),
        count=len(found),
        more=len(matching) > MOST,
        next=str(end) if len(found) > end else None,
    )


def _checked(limit: int, cursor: str | None) -> int:
    """Return at which hit the page begins."""
    if not 1 <= limit <= LONGEST_PAGE:
        raise Invalid({"limit": _("Ask for 1 to %(number)d at once.") % {"number": LONGEST_PAGE}})
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 5 and 0 < int(cursor) < MOST):
        raise Invalid({"cursor": _("This is not a cursor of this list; begin again without one.")})
    return int(cursor)


def _asked(actor: Actor, terms: Terms) -> dict[str, str]:
    """Return what goes into the places of a statement with words: as much of the search as there is."""
    if not terms.text:
        return {}
    begun = {"begun": f"{terms.prefix}:*"} if terms.prefix else {}
    home = str(actor.person.organisation_id or 0) if actor.person else "0"
    return {"text": terms.text, "home": home, **begun, **({"before": terms.before} if begun and terms.before else {})}


def _meant(actor: Actor, text: str, conditions: Conditions) -> list[int]:
    """Return the documents of the records whose number, present or former, the text asks for."""
    numbers = numbers_meant(text, [kind.prefix for kind in kinds.values()])
    if not numbers:
        return []
    named = Q(number__in=numbers) | Q(former_numbers__number__in=numbers)
    for shape in conditions.shapes:
        named &= shape.condition(conditions.given)
    return list(documents_of(actor, named).order_by("pk").values_list("documents__pk", flat=True).distinct())


@lru_cache(maxsize=KEPT)
def _matching(standing: Standing, places: tuple[str, ...], shapes: tuple[Shape, ...]) -> Statement[int]:
    """Return the question for the newest documents, at most one more than are counted, that match; the best first.
    Without words the newest are the best.

    Two fences keep the planner to the index of words, which it leaves when it guesses frequencies wrong: a limit that
    nothing reaches, and an order that no index gives. Without them a rare word can take seconds.
    """

    def build(**given: Any) -> QuerySet[Any, int]:
        fitting = reduce(and_, (shape.condition(given) for shape in shapes), Q())
        if not places:
            fit = documents_of(Actor(standing), fitting).order_by("-pk")
            return fit.values_list("documents__pk", flat=True)[: MOST + 1]
        words = tsquery(**{place: given[place] for place in places})
        with_words = SearchDocument.objects.filter(words=words).values("pk")[:UNREACHED]
        readable = documents_of(Actor(standing), Q(documents__in=with_words) & fitting)
        newest = readable.order_by(F("pk") * -1).values("documents__pk")[: MOST + 1]
        best = SearchDocument.objects.filter(pk__in=newest).order_by(SearchRank(F("words"), words).desc(), "-record_id")
        return best.values_list("pk", flat=True)

    of_operators = {place: field for shape in shapes for place, field in shape.places.items()}
    return Statement(build, **dict.fromkeys(places, TextField()), **of_operators)


def _hits(actor: Actor, documents: list[int], asked: dict[str, str], exact: list[int]) -> list[Hit]:
    """Return the hits of these documents, in their order."""
    rows = {row["pk"]: row for row in _marked(tuple(asked))(documents=documents, **asked)} if documents else {}
    merged = {row[MERGED] for row in rows.values()} - {None}
    into = dict(visible_to(actor).filter(pk__in=merged).values_list("pk", "number")) if merged else {}
    return [_hit(actor, rows[document], document in exact, into) for document in documents if document in rows]


@cache
def _marked(places: tuple[str, ...]) -> Statement[dict[str, Any]]:
    """Return the question for documents with their excerpts and what is shown of their records."""

    def build(documents: Any, **asked: Any) -> QuerySet[Any, dict[str, Any]]:
        excerpt = (
            Left("body", BEGINNING)
            if not asked
            else SearchHeadline(
                Left("body", EXCERPTED),
                tsquery(**asked),
                config="english",
                start_sel=BEGIN,
                stop_sel=END,
                min_words=10,
                max_words=30,
                max_fragments=2,
                fragment_delimiter=" … ",
            )
        )
        rows = SearchDocument.objects.filter(pk__equals_any=documents)
        names = [*(f"record__{name}" for name in (*SHOWN, *Place.__slots__)), MERGED]
        shown: QuerySet[Any, dict[str, Any]] = rows.values("pk", *names, marked=excerpt)
        return shown

    return Statement(build, documents=ArrayField(BigIntegerField()), **dict.fromkeys(places, TextField()))


def _hit(actor: Actor, row: dict[str, Any], exact: bool, into: Mapping[int, str]) -> Hit:
    shown = {name: row[f"record__{name}"] for name in SHOWN}
    place = Place(*(row[f"record__{name}"] for name in Place.__slots__))
    audience: Audience = "agents" if actor.can(f"{shown['kind']}.read_internal", place) else "requesters"
    return Hit(
        **shown,
        state_label=state_label(shown["kind"], shown["state"], audience),
        excerpt=pieces(row["marked"]),
        exact=exact,
        merged_into=into.get(row[MERGED], ""),
    )


MERGED = "record__merged_into"
#: What a hit shows of its record.
SHOWN = ("kind", "number", "title", "state", "state_category", "priority", "updated")
