"""Configuration rows: what administrators change on screens or keep as files, described once for both.

Each folder registers the kinds of rows it has (`register`) in its `configuration.py`. A kind says which fields a
row has, how all rows are read, and which action writes one; the administration screens and
`mainstay config export | diff | apply` are made from nothing else, so they cannot drift apart.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db import connection, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from mainstay.kernel.practice.errors import Invalid, Stale

FieldType = Literal["text", "long_text", "number", "yes_no", "choice", "choices", "lines", "value", "secret"]

#: A row as plain values, the way it stands in a file.
Row = dict[str, Any]
Options = Sequence[tuple[str, Any]]

KEY = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
EMPTY: dict[str, Any] = {
    "text": "",
    "long_text": "",
    "number": 0,
    "yes_no": False,
    "choice": None,
    "choices": (),
    "lines": (),
    "value": None,
    "secret": "",
}


@dataclass(frozen=True)
class Field:
    """A field of a configuration row. `options` gives the values of a choice with their labels when asked.

    `column` shows it in lists; `tree` names a parent of the same kind; `place` names an organisation, which the
    actor must manage; `value` as a type leaves the check to the action. A `secret` is only ever written: `read` leaves
    it out, so no screen, file or event holds it, and empty keeps what is set.
    """

    name: str
    type: FieldType
    label: Any
    help: Any = ""
    required: bool = False
    default: Any = None
    options: Callable[[], Options] | None = None
    longest: int = 200
    minimum: int = 0
    maximum: int = 32767
    column: bool = False
    tree: bool = False
    place: bool = False

    @property
    def initial(self) -> Any:
        """The value of a row that does not say."""
        empty = EMPTY[self.type] if self.default is None else self.default
        return list(empty) if isinstance(empty, tuple) else empty


@dataclass(frozen=True)
class ConfigurationKind:
    """A kind of configuration row: `name` is its file and its address.

    `read` returns every row by its key; `write(by=, key=, values=)` is the action that makes or changes one, given all
    fields; `find` returns the model's row. `subject` starts the subject of its events. `owner` names the organisation a
    row belongs to; without it rows concern everybody. `fixed` rows exist from the start and cannot be added; `page` is
    the name of a page of its own, where the general one would not do.
    """

    name: str
    label: Any
    singular: Any
    icon: str
    capability: str
    subject: str
    fields: tuple[Field, ...]
    read: Callable[[], dict[str, Row]]
    write: Callable[..., Any]
    find: Callable[[str], Any] = lambda key: None
    owner: Callable[[str, Row], str] | None = None
    key_from: Callable[[Row], str] = lambda values: slugify(values["name"])[:70]
    fixed: bool = False
    #: Whether what was entered can be tried on past records before it is kept.
    tried: bool = False
    page: str = ""
    #: Further pages about one row: a label, the name of a page that takes `key`, and its icon.
    related: tuple[tuple[Any, str, str], ...] = ()
    help: Any = ""
    #: What there is to be said now of rows by their keys, such as that one does not work: shown in the list.
    remarks: Callable[[], Mapping[str, str]] = dict

    def field(self, name: str) -> Field | None:
        """Return the field called `name`, if there is one."""
        return next((field for field in self.fields if field.name == name), None)


_kinds: dict[str, ConfigurationKind] = {}


def register(kind: ConfigurationKind) -> ConfigurationKind:
    """Register a kind once, at start; those that others refer to come first."""
    if kind.name in _kinds:
        raise ValueError(f"configuration {kind.name} is registered twice")
    _kinds[kind.name] = kind
    return kind


def kinds() -> dict[str, ConfigurationKind]:
    """Return every kind by its name, in the order in which they can be applied."""
    return dict(_kinds)


def fingerprint(row: Row | None) -> str:
    """Return a short mark of a row's values: whoever edits carries it along, so that nobody is overwritten."""
    return hashlib.sha256(json.dumps(row, sort_keys=True, default=str).encode()).hexdigest()[:16]


def put(kind: ConfigurationKind, key: str, values: Mapping[str, Any], *, by: Any, seen: str | None = None) -> bool:
    """Make the row `key`, or set the given fields of it, through the kind's action; return whether anything changed.

    `seen` is the fingerprint of the row that the author looked at. Raises Invalid for refused values and unknown
    fields, and Stale when the row has changed since.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"configuration {kind.name}"])
        before = kind.read().get(key)
        if seen is not None and seen != fingerprint(before):
            raise Stale(_("Somebody else has changed this in the meantime. Look at their change, then try again."))
        if before is None and (kind.fixed or not KEY.fullmatch(key)):
            raise Invalid({"key": _("There is no such row.") if kind.fixed else _bad_key()})
        basis = before or {field.name: field.initial for field in kind.fields if field.type != "secret"}
        given = checked(kind, values, complete=before is None)
        given = {name: value for name, value in given.items() if value or not _is_secret(kind, name)}
        after = {**basis, **given}
        if after == before:
            return False
        kind.write(by=by, key=key, values=after)
        return True


def _is_secret(kind: ConfigurationKind, name: str) -> bool:
    field = kind.field(name)
    return field is not None and field.type == "secret"


def _bad_key() -> str:
    return _("Use small letters, digits, hyphens, underscores and dots; begin with a letter or digit.")


def checked(kind: ConfigurationKind, values: Mapping[str, Any], *, complete: bool, shape_only: bool = False) -> Row:
    """Return the given values, each checked; `complete` also asks for required fields without a default.

    `shape_only` is for files: it leaves out whether choices exist, for what they name may stand in another file, and
    refuses secrets. Raises Invalid.
    """
    errors: dict[str, str] = {}
    result: Row = {}
    for name, value in values.items():
        field = kind.field(name)
        try:
            if field is None:
                known = ", ".join(field.name for field in kind.fields)
                raise ValueError(_("There is no such field; known are: %(names)s.") % {"names": known})
            result[name] = _checked(field, value, shape_only)
        except ValueError as problem:
            errors[name] = str(problem)
    for field in kind.fields:
        if field.required and complete and field.default is None and field.name not in values:
            errors[field.name] = _("This field is required.")
    if errors:
        raise Invalid(errors)
    return result


def _checked(field: Field, value: Any, shape_only: bool) -> Any:
    if field.type == "secret" and shape_only:
        raise ValueError(_("Secrets are entered on the screen only, and stand in no file."))
    value = SHAPES[field.type](field, value)
    if field.required and value in (None, "", []):
        raise ValueError(_("This field is required."))
    if field.options is not None and not shape_only and value not in (None, "", []):
        known = {option for option, label in field.options()}
        if unknown := sorted({*value} - known if isinstance(value, list) else {value} - known):
            raise ValueError(_("Not to be chosen here: %(names)s.") % {"names": ", ".join(unknown)})
    return value


def _text(field: Field, value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or "\x00" in value or len(value) > field.longest:
        raise ValueError(_("Give a text of at most %(number)d characters.") % {"number": field.longest})
    return value.replace("\r\n", "\n").strip()


def _secret(field: Field, value: Any) -> str:
    """A secret may begin or end with a space."""
    if not isinstance(value, str) or "\x00" in value or len(value) > field.longest:
        raise ValueError(_("Give a text of at most %(number)d characters.") % {"number": field.longest})
    return value


def _number(field: Field, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not field.minimum <= value <= field.maximum:
        limits = {"least": field.minimum, "most": field.maximum}
        raise ValueError(_("Give a whole number from %(least)d to %(most)d.") % limits)
    return value


def _yes_no(field: Field, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(_("Say true or false."))
    return value


def _choice(field: Field, value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise ValueError(_("Give one name as text."))
    return value or None


def _texts(field: Field, value: Any) -> list[str]:
    value = [] if value is None else value
    if not isinstance(value, (list, tuple)) or not all(isinstance(entry, str) for entry in value):
        raise ValueError(_("Give a list of texts."))
    entries = [entry.strip() for entry in value if entry.strip()]
    if len(set(entries)) != len(entries) or any(len(entry) > field.longest for entry in entries):
        raise ValueError(_("Each entry once, of at most %(number)d characters.") % {"number": field.longest})
    return entries


SHAPES: dict[str, Callable[[Field, Any], Any]] = {
    "text": _text,
    "long_text": _text,
    "number": _number,
    "yes_no": _yes_no,
    "choice": _choice,
    "choices": lambda field, value: sorted(_texts(field, value)),
    "lines": _texts,
    "value": lambda field, value: value,
    "secret": _secret,
}
