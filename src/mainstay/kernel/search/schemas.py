"""What the interface shows of a search."""

from datetime import datetime
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from mainstay.kernel.rest.schemas import WITHOUT_NUL, Paging, closed
from mainstay.kernel.search.queries import Found, Hit
from mainstay.kernel.search.queries.similar import Alike
from mainstay.kernel.search.queries.suggestions import Proposal


class SearchText(Paging):
    """What is looked for, as people type it: words, "phrases", or, -not, a number, and operators.

    Operators narrow it down: `state:open -team:network,"service desk"`. Their names are those of the filters of lists.
    """

    q: Annotated[str, Field(max_length=500, pattern=WITHOUT_NUL)]


@closed
class HitShown(TypedDict):
    """A record that was found, with an excerpt of what the caller may read.

    `merged_into` is the number of the record that it goes on in, where it was merged into one that the caller may see.
    """

    number: str
    kind: str
    title: str
    state: str
    state_category: str
    priority: int
    updated: datetime
    excerpt: str
    merged_into: str | None


@closed
class FoundShown(TypedDict):
    """A page of hits, best first. `count` goes up to 1,000; `more` says that there are further ones.

    Where nothing was found, `correction` is a search that was probably meant and does find something, else null.
    """

    items: list[HitShown]
    count: int
    more: bool
    next: str | None
    correction: str | None


@closed
class AlikeShown(TypedDict):
    """A record that is like another; `likeness` goes from 0 (no word in common) to 1 (the same words)."""

    number: str
    kind: str
    title: str
    state: str
    state_category: str
    likeness: float


@closed
class SimilarShown(TypedDict):
    """Records that are like another, the most alike first."""

    items: list[AlikeShown]


@closed
class SuggestionShown(TypedDict):
    """What a column of a record probably should be: the slug and the name of a category or a team.

    `chance` goes from 0 to 1.
    """

    field: str
    value: str
    name: str
    chance: float


@closed
class SuggestionsShown(TypedDict):
    """What is suggested for a record, at most one for each column that is empty."""

    items: list[SuggestionShown]


def suggestion_shown(proposal: Proposal) -> SuggestionShown:
    """Return a suggestion as the interface shows it."""
    return {
        "field": proposal.field.value,
        "value": proposal.value.slug,
        "name": proposal.value.name,
        "chance": round(proposal.chance, 3),
    }


def alike_shown(alike: Alike) -> AlikeShown:
    """Return a record that is like another as the interface shows it."""
    return {
        "number": alike.record.number,
        "kind": alike.record.kind,
        "title": alike.record.title,
        "state": alike.record.state,
        "state_category": alike.record.state_category,
        "likeness": round(alike.likeness, 3),
    }


def found_shown(found: Found) -> FoundShown:
    """Return a page of hits as the interface shows it."""
    return {
        "items": [hit_shown(hit) for hit in found.hits],
        "count": found.count,
        "more": found.more,
        "next": found.next,
        "correction": found.correction or None,
    }


def hit_shown(hit: Hit) -> HitShown:
    """Return a hit as the interface shows it."""
    return {
        "number": hit.number,
        "kind": hit.kind,
        "title": hit.title,
        "state": hit.state,
        "state_category": hit.state_category,
        "priority": hit.priority,
        "updated": hit.updated,
        "excerpt": hit.snippet,
        "merged_into": hit.merged_into or None,
    }
