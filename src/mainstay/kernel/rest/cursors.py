"""Pages by position, not by count: page 1,000 costs what page 1 costs, and nothing is skipped or shown twice."""

from dataclasses import dataclass
from typing import Any, TypeVar

from django.core import signing
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from mainstay.kernel.rest.errors import InvalidParameter

Row = TypeVar("Row")

DEFAULT_LIMIT, LARGEST_LIMIT = 50, 200


@dataclass(frozen=True)
class Order:
    """An order by one field, never null, and a second one that is unique; each may start with `-`.

    Choose the pair so that an index holds it in this direction or in the opposite one.
    """

    field: str
    unique: str

    def after(self, position: tuple[Any, Any]) -> Q:
        """Return the condition for rows beyond a position, in a form whose first half an index can start from."""
        (field, beyond), (unique, next_beyond) = _direction(self.field), _direction(self.unique)
        value, key = position
        return Q(**{f"{field}__{beyond}e": value}) & (
            Q(**{f"{field}__{beyond}": value}) | Q(**{f"{unique}__{next_beyond}": key})
        )

    def position(self, row: Any) -> tuple[Any, Any]:
        """Return where a row stands in this order."""
        names = self.field.removeprefix("-"), self.unique.removeprefix("-")
        first, second = (row[name] if isinstance(row, dict) else getattr(row, name) for name in names)
        return first, second


def _direction(name: str) -> tuple[str, str]:
    return name.removeprefix("-"), "lt" if name.startswith("-") else "gt"


def page(
    rows: QuerySet[Any, Row], order: Order, *, limit: int, cursor: str | None, scope: str
) -> tuple[list[Row], str | None]:
    """Return up to `limit` rows (objects, or dictionaries with both fields) and the cursor of the next page, or None.

    `scope` names the list and its order: a cursor of another raises InvalidParameter.
    """
    if cursor is not None:
        rows = rows.filter(order.after(read_cursor(cursor, scope)))
    return cut(list(rows.order_by(order.field, order.unique)[: limit + 1]), order, limit=limit, scope=scope)


def cut(found: list[Row], order: Order, *, limit: int, scope: str) -> tuple[list[Row], str | None]:
    """Return the page of at most `limit` rows that begins `found`, and the cursor of the next, if any row is left."""
    if len(found) <= limit:
        return found, None
    return found[:limit], write_cursor(order.position(found[limit - 1]), scope)


def write_cursor(position: tuple[Any, Any], scope: str) -> str:
    """Return a position as opaque text, signed so that nothing but our own comes back."""
    return signing.dumps([str(part) for part in position], salt=f"cursor:{scope}", compress=False)


def read_cursor(cursor: str, scope: str) -> tuple[str, str]:
    """Return the position that a cursor of `scope` stands for. Raises InvalidParameter for anything else."""
    try:
        value, key = signing.loads(cursor, salt=f"cursor:{scope}")
    except (signing.BadSignature, ValueError):
        raise InvalidParameter(
            {"cursor": _("Give the `next` of the page before, with the same sort, or none.")}
        ) from None
    return value, key
