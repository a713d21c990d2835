"""The typed settings of the product: declared in code, changed in one table, read by one function."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.practice.models import Setting
from mainstay.kernel.practice.sealing import sealed, unsealed

LONGEST = 2000


@dataclass(frozen=True)
class Declaration:
    """A setting as code declares it. `kind` is int, str or bool.

    `secret` values are stored sealed and never shown again. `cleared_by` names settings whose change forgets this
    one: a password must not be sent to another host than the one it was given for.
    """

    key: str
    kind: type
    default: Any
    label: Any
    help: Any = ""
    minimum: int | None = None
    maximum: int | None = None
    secret: bool = False
    cleared_by: tuple[str, ...] = ()


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
    if declaration.secret and row is not None:
        row = unsealed(row)
    return declaration.default if row is None else row


def stored(declaration: Declaration, value: Any) -> Any:
    """Return what the table holds for `value`: secrets sealed, everything else as it is."""
    return sealed(value) if declaration.secret else value


def cleared_with(key: str) -> list[str]:
    """Return the settings that are forgotten when `key` changes."""
    return [declaration.key for declaration in DECLARED.values() if key in declaration.cleared_by]


def check(declaration: Declaration, value: Any) -> None:
    """Raise Invalid, keyed by the setting, unless `value` has the declared type and range."""
    if declaration.kind is bool and not isinstance(value, bool):
        raise Invalid({declaration.key: _("Say true or false.")})
    if declaration.kind is str and (not isinstance(value, str) or len(value) > LONGEST or "\x00" in value):
        raise Invalid({declaration.key: _("Give a text of at most %(number)d characters.") % {"number": LONGEST}})
    if declaration.kind is not int:
        return
    least = declaration.minimum if declaration.minimum is not None else -(2**31)
    most = declaration.maximum if declaration.maximum is not None else 2**31 - 1
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        limits = {"least": least, "most": most}
        raise Invalid({declaration.key: _("Give a whole number from %(least)d to %(most)d.") % limits})
