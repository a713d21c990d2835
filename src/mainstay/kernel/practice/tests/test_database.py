"""The connection reads instants as Django's does, and notices that the server went away."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from tests.world import World


@pytest.fixture
def another(world: World) -> Iterator[BaseDatabaseWrapper]:
    """A connection beside that of the test."""
    opened = connections.create_connection("default")
    opened.connect()
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-29 01:59:59.999999+00", datetime(2026, 3, 29, 1, 59, 59, 999999, UTC)),
        ("2026-03-29 03:00:00.5+02", datetime(2026, 3, 29, 1, 0, 0, 500000, UTC)),
        ("0001-01-01 00:00:00+00", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31 23:59:59+00", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_to_the_microsecond_and_in_utc(
    another: BaseDatabaseWrapper, text: str, instant: datetime
) -> None:
    with another.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz, NULL::timestamptz", [text])
        read, nothing = cursor.fetchone()
    assert (read, read.utcoffset(), nothing) == (instant, timedelta(0), None)


def test_an_idle_connection_is_usable_without_a_question(another: BaseDatabaseWrapper) -> None:
    with another.execute_wrapper(lambda *asked: pytest.fail("a question was asked")):
        assert another.is_usable()


def test_a_connection_whose_server_went_away_is_not_usable(another: BaseDatabaseWrapper) -> None:
    third = connections.create_connection("default")
    with third.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [another.connection.info.backend_pid])
    third.close()
    assert not another.is_usable()
