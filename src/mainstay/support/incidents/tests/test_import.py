"""The public incident log, brought in: the application's figures are those of the file."""

import csv
import io
import os
import statistics
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from django.utils.datastructures import MultiValueDict

from mainstay.kernel.access.actor import system
from mainstay.kernel.events.models import Event
from mainstay.kernel.people.models import Organisation, Person, Team
from mainstay.kernel.records.models import Record, RecordNumber
from mainstay.kernel.reports.queries import tabulate
from mainstay.kernel.reports.queries.asking import understand
from mainstay.support.incidents import queries
from mainstay.support.incidents.commands import BATCH, import_cases, incident_log
from mainstay.support.incidents.gateways.incident_log.reading import LogError, read
from mainstay.support.incidents.gateways.incident_log.translation import KEPT
from mainstay.support.incidents.models import HoldReason, Incident, PriorityRule

DATA = Path(os.environ.get("MAINSTAY_TEST_DATA", Path(__file__).parents[5].parent / "shared" / "data"))
LOG = DATA / "incident_log" / "incident_event_log.zip"
UTC = ZoneInfo("UTC")

needs_the_log = pytest.mark.skipif(not LOG.exists(), reason="the public incident log is not in ../shared/data")


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    with zipfile.ZipFile(path) as archive, archive.open("incident_event_log.csv") as raw:
        yield from csv.DictReader(io.TextIOWrapper(raw, encoding="utf-8"))


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M")


def run(path: Path, *options: str) -> str:
    answer = CliRunner().invoke(incident_log, [str(path), *options], catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    return answer.stdout


def part_of_the_log(path: Path, cases: int) -> Path:
    """Write the first cases of the log as a CSV file."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows_of(LOG):
        if row["number"] not in found and len(found) == cases:
            break
        found.setdefault(row["number"], []).append(row)
    return write(path, [row for rows in found.values() for row in rows])


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


@needs_the_log
def test_the_figures_of_the_application_are_those_of_the_log(db: None) -> None:
    report = run(LOG)
    found = queries.figures(system(), UTC)
    assert (found.closed, found.hand_overs, found.reopened, found.off_matrix) == (24_918, 23_414, 275, 0)
    months = ("2016-03-01", "2016-04-01", "2016-05-01")
    assert [found.opened_by_month[month] for month in months] == [8_995, 7_934, 7_508]
    assert [found.backlog_by_month[month] for month in months] == [3_353, 2_961, 2_044]
    assert PriorityRule.objects.get(impact=3, urgency=3).priority == 4
    agrees_with_the_file(found, rows_of(LOG))
    assert reported("channels", by="channel") == {
        "Telephone": 24_688,
        "Portal": 158,
        "E-mail": 59,
        "Voice menu": 9,
        "Opened directly": 4,
        "Total": 24_918,
    }
    reports_agree_with_the_file(rows_of(LOG))
    nothing_is_lost(report)
    assert Record.objects.exclude(state="closed").count() == 0


@needs_the_log
def test_the_figures_of_a_part_of_the_log_are_those_of_that_part(db: None, tmp_path: Path) -> None:
    part = part_of_the_log(tmp_path / "log.csv", 150)
    run(part)
    with part.open() as file:
        rows = list(csv.DictReader(file))
    agrees_with_the_file(queries.figures(system(), UTC), rows)
    reports_agree_with_the_file(rows)


def agrees_with_the_file(found: queries.Figures, rows: Iterable[dict[str, str]]) -> None:
    """Compute the figures anew, from the file alone."""
    last = {row["number"]: row for row in rows}.values()
    seconds = [(moment(row["closed_at"]) - moment(row["opened_at"])).total_seconds() for row in last]
    assert found.closed == len(last)
    assert found.hand_overs == sum(int(row["reassignment_count"]) for row in last)
    assert found.reopened == sum(int(row["reopen_count"]) > 0 for row in last)
    assert found.opened_by_month == Counter(f"{moment(row['opened_at']):%Y-%m-01}" for row in last)
    assert found.mean_to_close.total_seconds() == pytest.approx(statistics.mean(seconds), abs=1e-3)
    assert found.median_to_close.total_seconds() == statistics.median(seconds)


def reported(name: str, measure: str = "opened", **how: str) -> dict[str, float | None]:
    """Return one measure of a report over all the years of the log, by the labels of its rows."""
    parameters = {"start": "2015-01-01", "end": "2018-12-31", **how}
    asked = understand(system(), name, MultiValueDict({key: [value] for key, value in parameters.items()}), UTC)
    table = tabulate(system(), asked)
    return {row.label: row.values[measure] for row in [*table.rows, table.total] if row.values[measure]}


def reports_agree_with_the_file(rows: Iterable[dict[str, str]]) -> None:
    """Compute what reports say anew: from the file alone, and times to resolution from the records one by one."""
    last = list({row["number"]: row for row in rows}.values())
    months = Counter(f"{moment(row['opened_at']):%Y-%m-01}" for row in last)
    assert reported("volume") == {**months, "Total": len(last)}
    teams = Counter(row["assignment_group"] for row in last)
    teams["None"] = teams.pop("?", 0)
    assert reported("volume", by="team") == {**+teams, "Total": len(last)}
    priorities = Counter(row["priority"].partition(" - ")[2] for row in last)
    assert reported("volume", by="priority") == {**priorities, "Total": len(last)}
    kept = [row for row in last if int(row["reopen_count"])]
    assert reported("reopened", "reopened").get("Total", 0) == len(kept)
    assert reported("reopened", "times").get("Total", 0) == sum(int(row["reopen_count"]) for row in kept)
    moved = sum(int(row["reassignment_count"]) for row in last)
    assert reported("hand-overs", "hand_overs")["Total"] == moved
    assert reported("hand-overs", "mean")["Total"] == pytest.approx(moved / len(last))
    resolved = Record.objects.exclude(resolved=None).values_list("opened", "resolved")
    hours = sorted((end - start).total_seconds() / 3600 for start, end in resolved)
    tenths = statistics.quantiles(hours, n=10, method="inclusive")
    assert reported("resolution-time", "median")["Total"] == pytest.approx(tenths[4])
    assert reported("resolution-time", "ninetieth")["Total"] == pytest.approx(tenths[8])


def nothing_is_lost(report: str) -> None:
    """Every row of the log left an event at its own time, and every event that is kept stands in the report."""
    assert "Rows read: 141,712" in report
    kept = Counter(Event.objects.filter(name="incident.imported").values_list("data__kept", flat=True))
    assert {why: f"{count:>9,}  {KEPT[why]}" in report for why, count in kept.items()} == dict.fromkeys(kept, True)
    assert kept["first_state"] == 8_521
    assert kept["broken_state"] == 5
    handed_over = Event.objects.filter(changes__has_key="hand_overs").count()
    assert handed_over == 23_414
    assert HoldReason.objects.filter(slug="awaiting-evidence").exists()
    assert not Person.objects.filter(is_active=True).exists()
    assert not Person.objects.filter(email__isnull=False).exists()
    assert Team.objects.count() == 78


@needs_the_log
def test_importing_the_same_file_twice_changes_nothing(db: None, tmp_path: Path) -> None:
    part = part_of_the_log(tmp_path / "log.csv", 60)
    run(part)
    before = everything()
    assert "Incidents known already: 60" in run(part)
    assert everything() == before
    assert RecordNumber.objects.filter(number="INC0000045").exists()


def everything() -> list[list[tuple[object, ...]]]:
    return [list(model.objects.order_by("pk").values_list()) for model in (Incident, Event, Person, Team, RecordNumber)]


@needs_the_log
def test_an_interrupted_import_goes_on_where_it_stopped(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mainstay.support.incidents.commands.BATCH", 20)
    part = part_of_the_log(tmp_path / "log.csv", 60)

    def interrupted() -> Iterator[object]:
        yield from islice(read(part), 45)
        raise KeyboardInterrupt

    organisation = Organisation.objects.get()
    with pytest.raises(KeyboardInterrupt):
        import_cases(interrupted(), UTC, organisation, Counter())
    assert Record.objects.count() == 40
    assert "Incidents brought in: 20" in run(part)
    assert Record.objects.count() == 60
    assert BATCH > 20


@needs_the_log
def test_times_are_those_of_the_zone_that_is_named(db: None, tmp_path: Path) -> None:
    run(part_of_the_log(tmp_path / "log.csv", 1), "--zone", "Europe/Lisbon")
    incident = Incident.objects.get()
    assert incident.opened.isoformat() == "2016-02-29T01:16:00+00:00"
    rows = list(islice(rows_of(LOG), 1))
    rows[0] |= {"number": "INC1", "opened_at": "4/7/2016 14:38", "sys_updated_at": "4/7/2016 14:50"}
    run(write(tmp_path / "summer.csv", rows), "--zone", "Europe/Lisbon")
    assert Incident.objects.latest("pk").opened.isoformat() == "2016-07-04T13:38:00+00:00"


ROW = {
    "number": "INC0000001",
    "incident_state": "New",
    "reassignment_count": "0",
    "reopen_count": "0",
    "sys_mod_count": "0",
    "caller_id": "Caller 1",
    "opened_by": "Opened by 1",
    "opened_at": "1/3/2016 08:00",
    "sys_updated_by": "Updated by 1",
    "sys_updated_at": "1/3/2016 08:00",
    "contact_type": "Phone",
    "category": "Category 1",
    "subcategory": "?",
    "u_symptom": "?",
    "impact": "2 - Medium",
    "urgency": "2 - Medium",
    "assignment_group": "?",
    "assigned_to": "?",
    "closed_code": "?",
    "location": "Location 7",
}


def told(path: Path, *changes: dict[str, str]) -> list[tuple[str, str]]:
    """Import one incident whose rows change as given, and return its events with why they were kept."""
    row, rows = ROW, []
    for minute, change in enumerate(changes):
        row = row | {"sys_updated_at": f"1/3/2016 08:{minute:02}"} | change
        rows.append(row)
    run(write(path / "log.csv", rows))
    events = Event.objects.filter(record_id=Incident.objects.get().pk).order_by("id")
    return [(event.name.removeprefix("incident."), event.data.get("kept", "")) for event in events]


def test_a_close_that_did_not_last_is_kept_and_the_incident_reopened(db: None, tmp_path: Path) -> None:
    states = ("Resolved", "Closed", "Active", "Resolved", "Closed")
    found = told(tmp_path, *({"incident_state": state} for state in states))
    assert found == [
        ("created", ""),
        ("imported", "first_state"),
        ("imported", "columns"),
        ("resolved", ""),
        ("imported", "early_close"),
        ("reopened", ""),
        ("started", ""),
        ("resolved", ""),
        ("closed", ""),
    ]
    assert Incident.objects.get().reopenings == 1


def test_a_hand_over_after_the_resolution_is_kept_and_counted(db: None, tmp_path: Path) -> None:
    found = told(
        tmp_path,
        {"assignment_group": "Group 1"},
        {"incident_state": "Resolved", "location": "Location 8"},
        {"assignment_group": "Group 2", "reassignment_count": "1"},
        {},
        {"incident_state": "-100"},
    )
    assert found == [
        ("created", ""),
        ("imported", "columns"),
        ("assigned", ""),
        ("imported", "columns"),
        ("resolved", ""),
        ("imported", "late_assignment"),
        ("imported", "unchanged"),
        ("imported", "broken_state"),
    ]
    incident = Incident.objects.get()
    assert (incident.team.name, incident.hand_overs, incident.state) == ("Group 2", 1, "resolved")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"opened_at": "yesterday"}, "INC0000001, from line 2: cannot read"),
        ({"impact": "9 - Colossal"}, "the matrix has no priority for impact 9"),
    ],
)
def test_a_value_that_cannot_be_read_is_named_and_nothing_is_written(
    db: None, tmp_path: Path, change: dict[str, str], words: str
) -> None:
    answer = CliRunner().invoke(incident_log, [str(write(tmp_path / "log.csv", [ROW | change]))])
    assert answer.exit_code == 1
    assert words in answer.output
    assert not Record.objects.exists()


def test_another_file_is_refused_with_the_columns_it_lacks(tmp_path: Path) -> None:
    path = write(tmp_path / "other.csv", [{"number": "1", "title": "x"}])
    with pytest.raises(LogError, match="has no column assigned_to, assignment_group"):
        list(read(path))


def test_rows_of_one_incident_must_stand_together(tmp_path: Path) -> None:
    path = write(tmp_path / "log.csv", [ROW, ROW | {"number": "INC0000002"}, ROW])
    with pytest.raises(LogError, match="do not stand together"):
        list(read(path))
