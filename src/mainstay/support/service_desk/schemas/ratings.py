"""How satisfied requesters are, as the interface takes and shows it."""

from datetime import datetime
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.rest.schemas import WITHOUT_NUL, Body, Paging, PersonReference, closed, person_reference
from mainstay.support.service_desk.models import Rating
from mainstay.support.service_desk.models.satisfaction import HIGHEST, LOWEST

Score = Annotated[int, Field(ge=LOWEST, le=HIGHEST, description="From 1 (not at all) to 5 (very much).")]


class GivenRating(Body):
    """How satisfied the caller is. What is left out is empty: it replaces what was said before."""

    score: Score
    words: Annotated[str, Field(max_length=5000, pattern=WITHOUT_NUL)] = ""


class RatingFilter(Paging):
    """Which ratings: those of at most this score."""

    at_most: Score = HIGHEST


@closed
class RatingShown(TypedDict):
    """How satisfied the requester of a record is; `follow_up` is the number of what was opened because they are not."""

    record: str
    person: PersonReference
    score: int
    words: str
    answered: datetime
    changed: datetime
    follow_up: str | None


def rating_shown(rating: Rating, actor: Actor) -> RatingShown:
    """Return a rating that was given as the interface shows it to `actor`."""
    person = person_reference(rating.person)
    assert person is not None
    assert rating.score is not None
    assert rating.answered is not None
    assert rating.changed is not None
    follow_up = rating.follow_up
    seen = follow_up is not None and actor.can(f"{follow_up.kind}.read", follow_up)
    return {
        "record": rating.record.number,
        "person": person,
        "score": rating.score,
        "words": rating.words,
        "answered": rating.answered,
        "changed": rating.changed,
        "follow_up": follow_up.number if follow_up and seen else None,
    }
