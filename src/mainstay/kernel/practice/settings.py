"""The typed settings of the product: declared in code, changed in one table, read by one function."""

from dataclasses import dataclass
from typing import Any

from mainstay.kernel.practice.models import Setting


@dataclass(frozen=True)
class Declaration:
    """A setting as code declares it. `kind` is int, str or bool; `secret` values are never shown again."""

    key: str
    kind: type
    default: Any
    label: Any
    help: Any = ""
    minimum: int | None = None
    maximum: int | None = None
    secret: bool = False


DECLARED: dict[str, Declaration] = {}


def declare(key: str, kind: type, default: Any, label: Any, **details: Any) -> None:
    """Declare a setting once, at import; a second declaration of the same key is a mistake."""
    if key in DECLARED:
        raise ValueError(f"setting {key} is declared twice")
    DECLARED[key] = Declaration(key, kind, default, label, **details)


def value(key: str) -> Any:
    """Return the setting's value: the administrator's, else the declared default. Unknown keys raise KeyError."""
    declaration = DECLARED[key]
    row = Setting.objects.filter(pk=key).values_list("value", flat=True).first()
    return declaration.default if row is None else row
