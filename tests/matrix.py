"""The matrix of capabilities, `docs/capabilities.csv`, and the page made of it (`python -m tests.matrix`)."""

import csv
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"
TABLE, PAGE = DOCS / "capabilities.csv", DOCS / "capabilities.md"

#: Every id there is: the letters of an area, what it is called, and how many capabilities it has.
AREAS = {
    "SD": ("Service desk", 20),
    "SR": ("Requests", 18),
    "IM": ("Incidents", 19),
    "PM": ("Problems", 17),
    "CH": ("Changes", 24),
    "CF": ("Configuration", 22),
    "RL": ("Releases", 15),
    "KM": ("Knowledge", 14),
    "SL": ("Service levels", 17),
    "CP": ("Capacity", 12),
    "CT": ("Continuity", 11),
    "AV": ("Availability", 11),
    "SE": ("Security", 13),
    "FN": ("Finance", 8),
    "XX": ("Everywhere", 12),
}
#: Capabilities beyond what is usual, numbered within each area.
BEYOND = {"SD": 3, "SR": 2, "IM": 3, "PM": 3, "CH": 4, "CF": 4, "RL": 4, "KM": 3}
BEYOND |= {"SL": 4, "CP": 2, "CT": 3, "AV": 3, "SE": 3, "FN": 1, "XX": 2}
IDS = [f"{area}-{number:02}" for area, (_name, count) in AREAS.items() for number in range(1, count + 1)]
IDS += [f"B-{area}{number}" for area, count in BEYOND.items() for number in range(1, count + 1)]

INTRODUCTION = """\
# Capabilities

What Mainstay can do, what it can do in part, and what is planned. This page is made from `capabilities.csv` by
`make capabilities`. For every row that is done a test checks that its screen or operation, its test and its page
exist; what is partly done says what is missing.

"""


@dataclass(frozen=True)
class Capability:
    """A row of the table; what does not apply is empty. A test is named `path::function`."""

    id: str
    capability: str
    status: str
    screen: str
    operation: str
    test: str
    page: str
    missing: str

    @property
    def area(self) -> str:
        return "Beyond the usual" if self.id.startswith("B-") else AREAS[self.id[:2]][0]


def capabilities() -> list[Capability]:
    """Return every row, as it stands in the table."""
    with TABLE.open(encoding="utf-8", newline="") as table:
        return [Capability(**row) for row in csv.DictReader(table)]


def page(rows: list[Capability]) -> str:
    """Return the page: a count, then a table for each area."""
    counts = {status: sum(row.status == status for row in rows) for status in ("done", "partly", "planned")}
    summary = ", ".join(f"{count} {status}" for status, count in counts.items())
    parts = [f"{len(rows)} capabilities: {summary}.\n"]
    for area, members in groupby(rows, key=lambda row: row.area):
        parts.append(f"\n## {area}\n\n| id | capability | status | where | test | more |\n|---|---|---|---|---|---|\n")
        parts.extend(_line(row) for row in members)
    return INTRODUCTION + "".join(parts)


def _line(row: Capability) -> str:
    where = "<br>".join(f"`{each}`" for each in (row.screen, row.operation) if each)
    path, _, name = row.test.partition("::")
    test = f"[{name}](../{path})" if name else ""
    more = f"[{Path(row.page).stem}]({Path(row.page).relative_to('docs')})" if row.page else ""
    missing = f"<br>missing: {row.missing}" if row.missing else ""
    return f"| {row.id} | {row.capability}{missing} | {row.status} | {where} | {test} | {more} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(capabilities()), encoding="utf-8")
