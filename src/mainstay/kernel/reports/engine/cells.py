"""Cells of tables that leave the product: what a spreadsheet shows, it must not run."""

from typing import Any

#: What a spreadsheet takes for a formula at the beginning of a cell.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(value: Any) -> str:
    """Return a value as a CSV cell that no spreadsheet takes for a formula; instants are UTC in ISO 8601.

    A number is no formula, even a negative one.
    """
    if value is None:
        return ""
    text = value.isoformat(timespec="seconds") if hasattr(value, "isoformat") else str(value)
    return f"'{text}" if text.startswith(FORMULA) and not isinstance(value, (int, float)) else text
