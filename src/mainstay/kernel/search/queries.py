"""Searching records, as somebody: hits, counts and excerpts come only from what they may read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank
from django.db.models import BooleanField, Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Left
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.queries import allowed
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.practice.registry import kinds
from mainstay.kernel.records.labels import Audience, state_label
from mainstay.kernel.records.models import Record, Visibility
from mainstay.kernel.records.queries import reads_internal
from mainstay.kernel.search.engine.excerpts import BEGIN, END, Piece, pieces
from mainstay.kernel.search.engine.terms import Terms, numbers_meant, taken_apart
from mainstay.kernel.search.models import SearchDocument

#: Counting stops here, and no more are ranked: the newest that match.
MOST = 1000
LONGEST_PAGE = 200
UNREACHED = 2**40
#: An excerpt is looked for in so many first characters.
EXCERPTED = 20_000


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

    `next` is the cursor of the next page, None on the last.
    """

    hits: list[Hit]
    count: int = 0
    more: bool = False
    next: str | None = None


def search(actor: Actor, text: str, *, limit: int = 20, cursor: str | None = None) -> Found:
    """Return the records that `actor` may see and `text` finds.

    `text` is what people type: words (all must occur, endings aside), "phrases", or, -not; the last word may be a
    beginning. A number (`INC-123`, `123`) finds its record first. `limit` is 1 to 200. Raises Invalid for a
    refused `limit` or `cursor`. Three queries at most; of many matches the newest 1,000 are ranked.
    """
    begin = _checked(limit, cursor)
    terms = taken_apart(text)
    if not terms.text:
        return Found([])
    words = _words(terms)
    meant = _meant(actor, terms.text)
    matching = _matching(actor, words)
    found = [*meant, *(document for document in matching[:MOST] if document not in meant)][:MOST]
    end = begin + limit
    return Found(
        hits=_hits(actor, found[begin:end], words, exact=meant),
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


def _words(terms: Terms) -> Any:
    """Return the tsquery: the words as typed or by their English stems, the last one perhaps only begun."""
    query = _either(terms.text)
    if terms.prefix:
        begun = SearchQuery(f"{terms.prefix}:*", config="simple", search_type="raw")
        query |= _either(terms.before) & begun if terms.before else begun
    return query


def _either(text: str) -> Any:
    exact, stemmed = (SearchQuery(text, config=name, search_type="websearch") for name in ("simple", "english"))
    return exact | stemmed


def _documents(actor: Actor, condition: Q) -> QuerySet[Record]:
    """Return the records whose document for `actor` meets `condition`: the whole for who reads what is internal.

    A CASE, not a negation: a condition on a missing value is neither true nor false, and must then count as no.
    """
    readable = _held(actor, "read")
    whole = Case(
        When(_held(actor, "read_internal"), then=Value(True)), default=Value(False), output_field=BooleanField()
    )
    return Record.objects.annotate(reads_whole=whole).filter(
        readable
        & (Q(reads_whole=True, documents__whole=True) | Q(reads_whole=False, documents__audience=Visibility.PUBLIC))
        & condition
    )


def _held(actor: Actor, name: str) -> Q:
    """Return the condition on records of every kind on which `actor` holds the capability `name`."""
    condition = Q(pk__in=())
    for kind in kinds:
        condition |= Q(kind=kind) & allowed(actor, f"{kind}.{name}")
    return condition


def _meant(actor: Actor, text: str) -> list[int]:
    """Return the documents of the records whose number, present or former, the text asks for."""
    numbers = numbers_meant(text, [kind.prefix for kind in kinds.values()])
    if not numbers:
        return []
    named = Q(number__in=numbers) | Q(former_numbers__number__in=numbers)
    return list(_documents(actor, named).order_by("pk").values_list("documents__pk", flat=True).distinct())


def _matching(actor: Actor, words: Any) -> list[int]:
    """Return the newest documents, at most one more than are counted, that match; the best first.

    Two fences keep the planner to the index of words, which it leaves when it guesses frequencies wrong: a limit that
    nothing reaches, and an order that no index gives. Without them a rare word can take seconds.
    """
    with_words = SearchDocument.objects.filter(words=words).values("pk")[:UNREACHED]
    newest = _documents(actor, Q(documents__in=with_words)).order_by(F("pk") * -1).values("documents__pk")[: MOST + 1]
    best = SearchDocument.objects.filter(pk__in=newest).order_by(SearchRank(F("words"), words).desc(), "-record_id")
    return list(best.values_list("pk", flat=True))


def _hits(actor: Actor, documents: list[int], words: Any, exact: list[int]) -> list[Hit]:
    """Return the hits of these documents, in their order."""
    marked = SearchHeadline(
        Left("body", EXCERPTED),
        words,
        config="english",
        start_sel=BEGIN,
        stop_sel=END,
        min_words=10,
        max_words=30,
        max_fragments=2,
        fragment_delimiter=" … ",
    )
    rows = SearchDocument.objects.filter(pk__in=documents).select_related("record").annotate(marked=marked)
    by_id = {row.pk: row for row in rows.defer("words", "body")}
    return [_hit(actor, by_id[document], document in exact) for document in documents if document in by_id]


def _hit(actor: Actor, row: Any, exact: bool) -> Hit:
    record = row.record
    audience: Audience = "agents" if reads_internal(actor, record) else "requesters"
    return Hit(
        kind=record.kind,
        number=record.number,
        title=record.title,
        state=record.state,
        state_label=state_label(record.kind, record.state, audience),
        state_category=record.state_category,
        priority=record.priority,
        updated=record.updated,
        excerpt=pieces(row.marked),
        exact=exact,
    )
