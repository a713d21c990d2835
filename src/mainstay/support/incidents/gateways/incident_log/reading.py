"""Reading the log's file: one case at a time, never the whole file in memory."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, TextIO

Row = Mapping[str, str]

UNKNOWN = "?"
#: Who has the trouble where the log names nobody at all.
NOBODY = "Unknown caller"
PEOPLE = ("caller_id", "opened_by", "sys_updated_by", "assigned_to")
COLUMNS = frozenset(
    {
        *PEOPLE,
        "number",
        "incident_state",
        "reassignment_count",
        "reopen_count",
        "sys_mod_count",
        "opened_at",
        "sys_updated_at",
        "contact_type",
        "category",
        "subcategory",
        "u_symptom",
        "impact",
        "urgency",
        "assignment_group",
        "closed_code",
    }
)


class LogError(ValueError):
    """The file cannot be read as this log; the message says where and why."""


@dataclass
class Case:
    """All rows of one incident, in the order of the file; `line` is where they begin."""

    number: str
    line: int
    rows: list[Row]


@dataclass
class Names:
    """The names that cases use, for which there must be rows before they can be written."""

    people: set[str] = field(default_factory=set)
    teams: set[str] = field(default_factory=set)
    #: Category and subcategory; the latter may be unknown.
    categories: set[tuple[str, str]] = field(default_factory=set)
    closing: set[str] = field(default_factory=set)
    states: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, cases: Iterable[Case]) -> "Names":
        """Collect the names in `cases`."""
        names = cls()
        for case in cases:
            for row in case.rows:
                names.people.update(row[column] for column in PEOPLE)
                names.teams.add(row["assignment_group"])
                names.categories.add((row["category"], row["subcategory"]))
                names.closing.add(row["closed_code"])
                names.states.add(row["incident_state"])
        names.people = (names.people | {NOBODY}) - {UNKNOWN}
        names.teams.discard(UNKNOWN)
        return names


def read(path: Path, told: Callable[[int], Any] = lambda size: None) -> Iterator[Case]:
    """Read the cases of a CSV file, or of the one CSV file in a zip archive, telling `told` of each row's length.

    Raises LogError for another file, for missing columns, and when rows of one incident do not stand together.
    """
    with _opened(path) as file:
        reader = csv.DictReader(_measured(file, told))
        if missing := COLUMNS - set(reader.fieldnames or ()):
            raise LogError(f"{path} is not the incident log: it has no column {', '.join(sorted(missing))}.")
        seen: set[str] = set()
        for number, rows in groupby(reader, key=itemgetter("number")):
            if number in seen:
                raise LogError(f"{path}, line {reader.line_num}: the rows of {number} do not stand together. Sort it.")
            seen.add(number)
            line = reader.line_num
            yield Case(number, line, list(rows))


def _measured(file: TextIO, told: Callable[[int], Any]) -> Iterator[str]:
    for line in file:
        told(len(line))
        yield line


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    if not zipfile.is_zipfile(path):
        with path.open(encoding="utf-8", newline="") as file:
            yield file
        return
    with zipfile.ZipFile(path) as archive:
        inside = [name for name in archive.namelist() if name.endswith(".csv")]
        if len(inside) != 1:
            raise LogError(f"{path} must hold exactly one CSV file; it holds {len(inside)}.")
        with archive.open(inside[0]) as raw, io.TextIOWrapper(raw, encoding="utf-8", newline="") as file:
            yield file


def length(path: Path) -> int:
    """Return how many bytes `read` will go through."""
    if not zipfile.is_zipfile(path):
        return path.stat().st_size
    with zipfile.ZipFile(path) as archive:
        return sum(info.file_size for info in archive.infolist() if info.filename.endswith(".csv"))


@lru_cache(maxsize=100_000)
def instant(text: str, zone: tzinfo) -> datetime:
    """Return `29/2/2016 01:16`, a local time of `zone`, in UTC. Raises ValueError for anything else."""
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=zone).astimezone(UTC)
