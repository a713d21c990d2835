"""The demo organisation: the same each time, complete, and only where it harms nobody."""

from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection
from django.http import QueryDict

from mainstay.kernel.access.actor import system
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.people.actions import create_person
from mainstay.kernel.people.models import Organisation, Person
from mainstay.kernel.records.lists import read
from mainstay.kernel.records.models import Comment, Link, Record, SavedView, Task, Watch, WorkLog
from mainstay.kernel.search.queries import search
from mainstay.site.demo import distributions, seed
from mainstay.site.demo.commands import demo
from mainstay.site.demo.distributions import RARE_WORD, SIZES, Size
from mainstay.site.demo.seed import fill
from mainstay.site.operations.instance import InstanceError
from mainstay.support.incidents import queries
from mainstay.support.incidents.lifecycle import LIFECYCLE

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A demo small enough to make several."""
    monkeypatch.setitem(SIZES, "demo", Size(600, 60, 200, 1.0))


def words() -> list[tuple[str, str, str]]:
    return list(Record.objects.order_by("pk").values_list("title", "state", "updated"))


def test_every_state_priority_team_and_list_has_rows_and_no_moment_lies_ahead(db: None) -> None:
    list(fill("demo", NOW))
    assert Record.objects.count() == 2500
    assert set(Record.objects.values_list("state", flat=True)) == set(LIFECYCLE.states) - {"merged"}
    assert set(Record.objects.values_list("priority", flat=True)) == {1, 2, 3, 4, 5}
    assert not Record.objects.filter(updated__gt=NOW).exists()
    agent = actor_for(Person.objects.get(email="agent@demo.example"), door="page")
    mine = queries.visible_to(agent).filter(assignee=agent.person, state_category__in=("open", "paused"))
    assert mine.count() >= 3
    requester = actor_for(Person.objects.get(email="requester@demo.example"), door="page")
    assert 40 <= queries.visible_to(requester).count() <= 150
    assert set(Link.objects.values_list("kind", flat=True)) == {"parent_of", "duplicates", "relates_to"}
    assert set(Task.objects.filter(done=None).values_list("mandatory", flat=True)) == {True}
    assert set(Comment.objects.values_list("visibility", flat=True)) == {"public", "internal"}
    assert WorkLog.objects.exists()
    assert Watch.objects.exists()
    assert not Comment.objects.filter(record__in=queries.visible_to(requester), body="").exists()


@pytest.mark.usefixtures("small")
def test_an_interrupted_demo_goes_on_and_becomes_the_same_as_an_uninterrupted_one(db: None) -> None:
    steps = fill("demo", NOW)
    assert next(steps) == (200, 600)
    steps.close()
    assert list(fill("demo"))[-1] == (600, 600)
    interrupted = words()
    assert [done for done, _ in fill("demo")] == [600]
    assert words() == interrupted
    cast = seed._cast()
    again = [h for n in range(3) for h in seed.batch_of_stories(n, SIZES["demo"], cast, NOW)]
    assert [title for title, _, _ in interrupted] == [history.title for history in again]


def test_the_large_sizes_have_one_in_twenty_open_three_comments_each_and_seven_rare_words(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SIZES, "100k", SIZES["100k"]._replace(incidents=2_000, people=80, batch=500))
    list(fill("100k", NOW))
    assert Comment.objects.count() == 3 * 2_000
    assert Comment.objects.filter(body__contains=RARE_WORD).count() == 7
    unfinished = Record.objects.filter(state_category__in=("open", "paused")).count()
    assert 0.03 < unfinished / 2_000 < 0.07
    assert Record.objects.count() == 2_000


@pytest.mark.usefixtures("small")
def test_every_saved_view_opens_a_list_with_rows(db: None) -> None:
    list(fill("demo", NOW))
    for view in SavedView.objects.select_related("person", "team"):
        person = view.person or view.team.members.filter(email__endswith="@demo.example").earliest("pk")
        selection = read(actor_for(person, door="page"), "incident", QueryDict(view.query))
        assert Record.objects.filter(selection.condition()).exists(), view.name


def test_the_demo_refuses_an_instance_in_use_and_leaves_it_alone(db: None) -> None:
    create_person(by=system(), name="Somebody", organisation=Organisation.objects.get())
    with pytest.raises(InstanceError, match="empty instance"):
        list(fill("demo"))
    assert Person.objects.count() == 1


def test_a_large_size_ends_with_every_index_in_place(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SIZES, "100k", SIZES["100k"]._replace(incidents=400, people=60, batch=200))
    with connection.cursor() as cursor:
        before = indexes(cursor)
        answer = CliRunner().invoke(demo, ["--size", "100k"], catch_exceptions=False)
        assert answer.exit_code == 0
    with connection.cursor() as cursor:
        assert indexes(cursor) == before
    assert len(search(system(), RARE_WORD).hits) == 7


def indexes(cursor: Any) -> set[str]:
    cursor.execute("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'")
    return {definition for (definition,) in cursor.fetchall()}


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "desk.example.org", "::"])
def test_the_demo_refuses_to_be_reached_from_elsewhere(db: None, host: str) -> None:
    answer = CliRunner().invoke(demo, ["--host", host])
    assert isinstance(answer.exception, InstanceError)
    assert not Person.objects.exists()


@pytest.mark.usefixtures("small")
def test_each_start_shows_the_same_four_sign_ins_and_they_work(db: None) -> None:
    first, second = (CliRunner().invoke(demo, ["--host", host]).stdout for host in ("127.0.0.1", "localhost"))
    assert first == second
    for email, password in seed.passwords().items():
        assert f"{email:<28} {password}" in first
        assert Person.objects.get(email=email).check_password(password)
    assert len(set(seed.passwords().values())) == 4


def test_the_weights_name_what_exists(db: None) -> None:
    states = {*distributions.OPEN_FATES, *distributions.CLOSED_FATES, "resolved"}
    assert states == set(LIFECYCLE.states) - {"merged"}
    assert set(distributions.HOLD_REASONS) <= set(queries.hold_reasons().values_list("slug", flat=True))
