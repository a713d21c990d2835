"""D49: what happened stays as it was told, whoever asks to change it, and by whatever door."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from pghistory.models import Event as RowHistory

from mainstay.kernel.events.actions import emit
from mainstay.kernel.events.models import Event
from mainstay.support.incidents import actions
from mainstay.support.incidents.models import Incident
from tests.world import World

pytestmark = pytest.mark.database


def append_only_tables() -> list[str]:
    histories = [model._meta.db_table for model in apps.get_models() if issubclass(model, RowHistory)]
    return ["events_event", *histories]


@pytest.fixture
def told(world: World) -> Incident:
    incident = actions.create(by=world.as_requester(), title="No network")
    actions.edit(incident, by=world.as_agent(), version=1, values={"title": "No network in room 12"})
    return incident


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return "permission denied" in str(error)
    return False


def test_the_application_can_neither_change_nor_delete_nor_empty_what_was_told(told: Incident) -> None:
    tables = append_only_tables()
    assert len(tables) > 10, "no row histories are found: the test proves nothing"
    for table in tables:
        key = "id" if table == "events_event" else "pgh_id"
        assert refused(f"UPDATE {table} SET {key} = {key}"), table
        assert refused(f"DELETE FROM {table}"), table
        assert refused(f"TRUNCATE {table}"), table
        assert not refused(f"SELECT count(*) FROM {table}"), table


def test_the_application_cannot_disarm_or_drop_what_writes_the_history(told: Incident) -> None:
    assert not refused("SELECT 1")
    for statement in (
        "ALTER TABLE records_record DISABLE TRIGGER ALL",
        "DROP TABLE events_event",
        "CREATE TABLE mine (id int)",
        "SET session_replication_role = replica",
        "TRUNCATE records_record CASCADE",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_bulk_update_and_plain_sql_leave_the_former_row(told: Incident) -> None:
    Incident.objects.filter(pk=told.pk).update(description="Changed in bulk")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_record SET title = 'Changed by hand' WHERE id = %s", [told.pk])
    titles = list(told.record_history.order_by("pgh_id").values_list("title", flat=True))
    assert titles[-1] == "No network in room 12"
    assert "No network" in titles
    assert list(told.incident_history.values_list("description", flat=True)) == [""]


def test_the_stamp_of_an_event_is_the_databases_own_clock(world: World) -> None:
    from datetime import UTC, datetime

    long_ago = datetime(2001, 1, 1, tzinfo=UTC)
    with transaction.atomic():
        emit("role.edited", by=world.as_agent(), subject="role:agent", occurred=long_ago)
    event = Event.objects.latest("id")
    assert event.occurred == long_ago
    assert (datetime.now(UTC) - event.recorded).total_seconds() < 60
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(recorded=long_ago)


def test_an_event_outside_the_transaction_of_what_it_tells_is_refused(
    fresh_database: str, django_db_blocker: object
) -> None:
    from mainstay.kernel.access.actor import system

    with pytest.raises(RuntimeError, match="transaction"):
        emit("role.edited", by=system("command"), subject="role:agent")
