import pytest
from django.db import connection

from mainstay.kernel.access.actions import create_token, give
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Role
from mainstay.site.operations import condition


@pytest.mark.django_db
def test_a_living_process_says_so_without_asking_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_a_migrated_database_is_ready(client):
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_pending_migrations_are_not_ready_and_say_when_to_ask_again(client, monkeypatch):
    more = condition.shipped_migrations() | {("events", "9999_tomorrow")}
    monkeypatch.setattr(condition, "shipped_migrations", lambda: more)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert condition.pending_migrations() == ["events.9999_tomorrow"]


def test_a_database_that_is_away_is_not_ready(client, fresh_database, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")
    connection.close()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"the database does not answer\n")


@pytest.mark.django_db
def test_a_stranger_finds_no_metrics(client):
    assert client.get("/metrics").status_code == 404


def test_whoever_may_see_the_health_of_the_system_finds_the_metrics(client, world):
    give(
        Role.objects.get(slug="administrator"),
        by=system("command"),
        organisation=world.organisation,
        person=world.agent,
    )
    client.force_login(world.requester)
    assert client.get("/metrics").status_code == 404
    client.force_login(world.agent)
    assert b"mainstay_queue_lag_seconds" in client.get("/metrics").content
    _, token = create_token(world.agent, by=system("command"), name="Collector", scopes=["operations.read"])
    client.logout()
    assert client.get("/metrics", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    _, narrow = create_token(world.agent, by=system("command"), name="Other", scopes=["people.read"])
    assert client.get("/metrics", headers={"Authorization": f"Bearer {narrow}"}).status_code == 404


@pytest.mark.django_db
def test_health_addresses_only_read(client):
    assert [client.post(path).status_code for path in ("/healthz", "/readyz", "/metrics")] == [405, 405, 405]
