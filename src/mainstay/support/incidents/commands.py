"""`mainstay import incident-log`: the history of another service desk."""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import click

from mainstay.kernel.access.actor import system
from mainstay.kernel.people.actions import provide_people
from mainstay.kernel.people.models import Organisation
from mainstay.kernel.practice.errors import Refusal
from mainstay.kernel.practice.zones import zone_names
from mainstay.support.incidents import queries
from mainstay.support.incidents.actions.bulk import write_histories
from mainstay.support.incidents.actions.configuration import set_matrix
from mainstay.support.incidents.actions.providing import provide_category, provide_hold_reason, provide_teams
from mainstay.support.incidents.engine.history import History
from mainstay.support.incidents.gateways.incident_log import reading
from mainstay.support.incidents.gateways.incident_log.reading import UNKNOWN, Case, LogError, Names
from mainstay.support.incidents.gateways.incident_log.translation import (
    KEPT,
    MATRIX,
    NOT_WAITING,
    Ids,
    translate,
)

#: What the log calls a category (with its subcategory), a closing code or a state by.
Name = TypeVar("Name", str, tuple[str, str])
#: Cases in one transaction: an interrupted import loses at most so many.
BATCH = 1000
#: The log's states of waiting that are reasons of ours; the others are added as they are found.
REASONS = {"Awaiting User Info": "caller", "Awaiting Problem": "problem", "Awaiting Vendor": "vendor"}
NO_CODE = "No closing code"
BY = system("command")


@click.group(name="import")
def import_group() -> None:
    """Bring in what other systems hold."""


@import_group.command("incident-log")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--zone", default="UTC", show_default=True, help="Time zone of the file's times, such as Europe/Lisbon.")
@click.option("--organisation", "slug", default=None, help="Short name of the organisation it belongs to.")
def incident_log(file: Path, zone: str, slug: str | None) -> None:
    """Bring in a log of incidents with its whole history.

    FILE is the CSV of the "Incident management process enriched event log" (UCI machine learning repository), or
    its zip. Every incident keeps its number and is brought in once: run it again after an interruption, and it
    goes on. The log's people become inactive persons, its groups teams; its matrix replaces yours.
    """
    if zone not in zone_names():
        raise click.BadParameter(f"{zone} is not a time zone, such as Europe/Lisbon.", param_hint="--zone")
    report: Counter[str] = Counter()
    try:
        with click.progressbar(length=reading.length(file), label="Incident log", file=sys.stderr) as bar:
            import_cases(reading.read(file, bar.update), ZoneInfo(zone), _organisation(slug), report)
    except (LogError, Refusal) as error:
        raise click.ClickException(str(error)) from error
    click.echo("\n".join(lines_of(report)))


def _organisation(slug: str | None) -> Organisation:
    found = Organisation.objects.filter(retired=None, **({"slug": slug} if slug else {"parent": None})).order_by("pk")
    organisation = found.first()
    if organisation is None:
        raise click.BadParameter(f"There is no organisation {slug}.", param_hint="--organisation")
    return organisation


def import_cases(cases: Iterable[Case], zone: ZoneInfo, organisation: Organisation, report: Counter[str]) -> None:
    """Bring in cases that are not known yet, a batch in each transaction, and count in `report` what became of them."""
    set_matrix(by=BY, priorities=MATRIX)
    provide = Provider(organisation)
    for batch in _batches(cases):
        known = queries.known_numbers([case.number for case in batch])
        new = [case for case in batch if case.number not in known]
        ids = provide.ids_for(Names.of(new))
        histories = [translate(case, ids, zone) for case in new]
        written = write_histories(histories, by=BY)
        report["rows"] += sum(len(case.rows) for case in batch)
        report["written"] += written.written
        report["known"] += len(known) + written.known
        report.update(_kept(histories))


def _kept(histories: Iterable[History]) -> Iterator[str]:
    for history in histories:
        for step in history.steps:
            if step.verb == "keep":
                yield step.values["data"]["kept"]


def _batches(cases: Iterable[Case]) -> Iterator[list[Case]]:
    stream = iter(cases)
    while batch := list(islice(stream, BATCH)):
        yield batch


def lines_of(report: Counter[str]) -> list[str]:
    """Return the report for a person to read."""
    lines = [
        f"Rows read: {report['rows']:,}",
        f"Incidents brought in: {report['written']:,}",
        f"Incidents known already: {report['known']:,}",
        "Kept as events, because the lifecycle cannot hold it:",
    ]
    return lines + [f"  {report[why]:>9,}  {words}" for why, words in KEPT.items() if report[why]]


class Provider:
    """Makes sure that what cases name exists, and remembers it from batch to batch."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self.ids = Ids({}, {}, {}, {}, {}, organisation.pk)

    def ids_for(self, names: Names) -> Ids:
        """Return the ids of all names so far, these included."""
        here, known = self.organisation, self.ids
        self.ids = Ids(
            people={**known.people, **provide_people(names.people - known.people.keys(), by=BY, organisation=here)},
            teams=provide_teams(names.teams, by=BY, organisation=here),
            categories=_extended(known.categories, names.categories, _category),
            closing=_extended(known.closing, names.closing, _closing),
            hold_reasons=_extended(known.hold_reasons, names.states - NOT_WAITING, _hold_reason),
            organisation=here.pk,
        )
        return self.ids


def _extended(known: Mapping[Name, int], names: Iterable[Name], provide: Callable[[Name], int]) -> dict[Name, int]:
    return {**known, **{name: provide(name) for name in sorted(set(names) - known.keys())}}


def _category(names: tuple[str, str]) -> int:
    category, subcategory = ("Unknown" if name == UNKNOWN else name for name in names)
    return provide_category(subcategory, by=BY, below=category)


def _closing(code: str) -> int:
    return provide_category(NO_CODE if code == UNKNOWN else f"Closing {code}", by=BY)


def _hold_reason(state: str) -> int:
    return provide_hold_reason(REASONS.get(state) or state.lower().replace(" ", "-"), state, by=BY)


commands: list[click.Command] = [import_group]
