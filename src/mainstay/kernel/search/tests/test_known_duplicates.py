"""Similar cases, held against duplicates that people found in two public bug trackers (GitBugs)."""

import csv
import gzip
import os
import sys
from datetime import UTC, datetime
from math import sqrt
from pathlib import Path

import pytest

from mainstay.kernel.access.actor import system
from mainstay.kernel.records.models import Record
from mainstay.kernel.search.actions.learning import learn
from mainstay.kernel.search.queries.similar import similar_to
from mainstay.support.incidents.actions.bulk import batches, write_histories
from mainstay.support.incidents.engine.history import History
from tests.sizes import size
from tests.world import World

pytestmark = pytest.mark.django_db

DATA = Path(os.environ.get("MAINSTAY_TEST_DATA", Path(__file__).parents[5].parent / "shared" / "data")) / "text"
needs_the_bugs = pytest.mark.skipif(not DATA.exists(), reason="the public bug trackers are not in ../shared/data")
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def bugs_of(project: str, world: World) -> dict[str, History]:
    """Return every bug of a project by its id."""
    csv.field_size_limit(sys.maxsize)
    with gzip.open(DATA / f"gitbugs_{project}_bugs.csv.gz", "rt", encoding="utf-8", errors="replace") as file:
        return {
            row["Issue id"]: History(
                title=(row["Summary"] or "?").replace("\x00", "")[:250],
                description=(row["Description"] or "").replace("\x00", ""),
                opened=BEGAN,
                requester=world.requester.pk,
                organisation=world.organisation.pk,
                former_number=row["Issue id"],
            )
            for row in csv.DictReader(file)
        }


def pairs_of(project: str, bugs: dict[str, History]) -> list[tuple[str, str]]:
    """Return the pairs of duplicates of which both bugs are known."""
    with (DATA / f"gitbugs_{project}_duplicates.csv").open(encoding="utf-8") as file:
        pairs = [(row["Issue id"], row["Duplicate id"]) for row in csv.DictReader(file)]
    return [pair for pair in pairs if pair[0] in bugs and pair[1] in bugs]


@needs_the_bugs
@pytest.mark.parametrize(("project", "pairs", "share"), [("hadoop", 125, 0.82), ("seamonkey", 62, 0.77)])
def test_the_known_duplicate_is_among_the_first_ten(world: World, project: str, pairs: int, share: float) -> None:
    bugs = bugs_of(project, world)
    for batch in batches(bugs.values(), 500):
        write_histories(batch, by=system("command"))
    known = pairs_of(project, bugs)
    assert len(known) == pairs
    tried = known[:: max(1, pairs // size("known duplicates"))]
    asked = Record.objects.filter(former_numbers__in=[bug for bug, _duplicate in tried])
    if len(tried) < pairs:  # what is closed is found, but nothing is looked for that is like it
        Record.objects.exclude(pk__in=asked.values("pk")).update(state_category="closed")
    while learn():
        continue
    keys = dict(Record.objects.filter(former_numbers__in=bugs).values_list("former_numbers__number", "pk"))
    agent = world.as_agent()
    found = 0
    for bug, duplicate in tried:
        ten = similar_to(agent, Record.objects.get(pk=keys[bug]))
        assert len(ten) <= 10
        found += keys[duplicate] in {alike.record.pk for alike in ten}
    spread = 0.0 if len(tried) == pairs else sqrt(share * (1 - share) / len(tried))
    assert found / len(tried) >= share - 2 * spread, f"{found} of {len(tried)}; a sample may lie below, all may not"
