"""Shapes that several routers share: strict on the way in, closed on the way out."""

from datetime import datetime
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, with_config
from typing_extensions import TypedDict

from mainstay.kernel.people.models import Person
from mainstay.kernel.rest.cursors import DEFAULT_LIMIT, LARGEST_LIMIT

#: Marks a shape of ours that has the fields it names and no others.
closed = with_config(ConfigDict(extra="forbid"))

#: Text without NUL, which the database cannot hold.
WITHOUT_NUL = r"^[^\u0000]*$"
#: The same, and more than white space.
WITH_WORDS = r"^[^\u0000]*[^\s\u0000][^\u0000]*$"

Line = Annotated[str, Field(min_length=1, max_length=250, pattern=WITH_WORDS)]
Text = Annotated[str, Field(max_length=100_000, pattern=WITHOUT_NUL)]
Words = Annotated[str, Field(min_length=1, max_length=100_000, pattern=WITH_WORDS)]
Slug = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[-a-zA-Z0-9_]+$")]
Email = Annotated[str, Field(min_length=3, max_length=254, pattern=r"^[^\s@\u0000]+@[^\s@\u0000]+$")]
#: A value of a custom field; its definition says which of these.
Value = Annotated[str, Field(max_length=20_000, pattern=WITHOUT_NUL)] | bool | int | float | None
AttributeName = Annotated[str, Field(min_length=1, max_length=50, pattern=r"^[-a-zA-Z0-9_]+$")]

Number = Annotated[
    str,
    Field(description="The record's number, present or former.", json_schema_extra={"pattern": "^[A-Z]+-[0-9]+$"}),
]
Limit = Annotated[int, Field(ge=1, le=LARGEST_LIMIT, description="Items on a page.")]
Cursor = Annotated[str, Field(max_length=1000, description="The `next` of the page before.")]


def _parsed(value: Any) -> Any:
    """Read an instant from text: bodies are checked strictly, and JSON has no type for instants."""
    if not isinstance(value, str):
        raise ValueError(_("Give an instant such as 2026-11-22T09:30:00Z."))
    instant = datetime.fromisoformat(value)
    # The years leave room for the conversion to UTC, which ends where the calendar of the database client does.
    if instant.tzinfo is None or not 1900 <= instant.year <= 9000:
        raise ValueError(_("Give an instant such as 2026-11-22T09:30:00Z."))
    return instant


#: An instant with its offset from UTC, as in RFC 3339: `2026-11-22T09:30:00Z`.
Instant = Annotated[datetime, BeforeValidator(_parsed), Field(json_schema_extra={"format": "date-time"})]


class Body(BaseModel):
    """A body: every field known, every value of its own type."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Paging(BaseModel):
    """The parameters of a page."""

    model_config = ConfigDict(extra="forbid")

    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor | None = None


@closed
class PersonReference(TypedDict):
    """A person as others see them. `email` is null for people known only by name."""

    name: str
    email: str | None


def person_reference(person: Person | None) -> PersonReference | None:
    """Return how a person is referred to, or None for nobody."""
    return None if person is None else {"name": person.name, "email": person.email}


def page_of(item: Any) -> Any:
    """Return the shape of a page: items, and the cursor of the next page, or null at the end."""
    shape: Any = TypedDict(f"{item.__name__}Page", {"items": list[item], "next": str | None})  # type: ignore[misc]  # made at run time
    return closed(shape)
