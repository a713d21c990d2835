"""`mainstay up` cares for its children, refuses what it must, and leaves nothing behind (R03, R06, R34, R35)."""

import http.client
import os
import re
import signal
import threading
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from mainstay.site.operations import processes
from tests.reliability.instances import Instance, eventually
from tests.reliability.instances import instance as new_instance


@pytest.fixture(scope="module")
def shared():
    with new_instance() as made:
        made.start()
        yield made


@pytest.fixture
def running(shared: Instance):
    """The module's instance, on its feet."""
    if shared.process.poll() is not None:
        shared.start()
    eventually(shared.ready, "it is ready")
    return shared


def test_a_killed_database_comes_back_with_its_data(running):
    with running.connect("owner") as connection:
        before = connection.execute("SELECT count(*) FROM django_migrations").fetchone()
    killed = running.pid("PostgreSQL")
    os.kill(killed, signal.SIGKILL)
    eventually(lambda: running.pid("PostgreSQL") != killed, "another postmaster runs")
    eventually(running.ready, "it is ready again")
    with running.connect("owner") as connection:
        assert connection.execute("SELECT count(*) FROM django_migrations").fetchone() == before
    assert "PostgreSQL ended (killed by SIGKILL); starting it again." in running.words()


@pytest.mark.parametrize("name", ["The web server", "The worker prompt"])
def test_a_killed_child_is_started_again_and_said_so(running, name):
    killed = running.pid(name)
    os.kill(killed, signal.SIGKILL)
    eventually(lambda: running.pid(name) != killed, "another one runs")
    eventually(running.ready, "it is ready again")
    assert f"{name} ended (killed by SIGKILL); starting it again." in running.words()


def test_a_killed_web_process_is_replaced(running):
    server = running.pid("The web server")
    children = running.below("The web server")
    os.kill(children[0], signal.SIGKILL)
    eventually(lambda: children[0] not in processes._states(), "it is reaped")
    eventually(running.ready, "it is ready")
    assert running.pid("The web server") == server


def test_a_web_process_killed_as_soon_as_it_is_replaced_takes_the_server_along_which_comes_back(running):
    server, before = running.pid("The web server"), set(running.below("The web server"))
    os.kill(min(before), signal.SIGKILL)
    eventually(lambda: set(running.below("The web server")) - before, "it is replaced")
    (young,) = set(running.below("The web server")) - before
    os.kill(young, signal.SIGKILL)
    eventually(lambda: running.pid("The web server") != server, "another web server runs")
    eventually(running.ready, "it is ready")
    assert "The web server ended (exit code 1); starting it again" in running.words()


def test_a_second_up_on_the_same_home_refuses_and_says_where_the_first_is(running):
    second = running.run("up")
    assert second.returncode == 1
    assert f"already runs on {running.home} at http://localhost:{running.port}" in second.stderr


def test_the_first_start_prints_where_the_first_administrator_is_made(running):
    path = re.search(rf"http://localhost:{running.port}(/accounts/first-administrator/\S+)", running.words())[1]
    assert running.status(path) == 200
    assert running.status(f"{path[:-2]}x/") == 404


def test_a_taken_port_is_refused_with_the_variable_to_set(running):
    with new_instance() as other:
        other.environment["MAINSTAY_PORT"] = str(running.port)
        refused = other.run("up")
    assert refused.returncode == 1
    assert "MAINSTAY_PORT" in refused.stderr


def test_the_doctor_finds_no_problem_with_what_runs_and_says_what_is_missing_when_nothing_does(running):
    alive = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '30 seconds'"
    with running.connect("owner") as connection:
        eventually(lambda: connection.execute(alive).fetchone() == (2,), "both workers have given a sign of life")
    well = running.run("doctor")
    assert (well.returncode, "PROBLEM" in well.stdout) == (0, False), well.stdout
    assert "2 job workers are alive" in well.stdout
    with new_instance() as empty:
        unwell = empty.run("doctor")
    assert unwell.returncode == 1
    assert "Start it with `mainstay up`" in unwell.stdout


def test_the_database_accepts_only_passwords_over_a_private_socket(running):
    socket = running.home / "database" / "socket"
    assert socket.stat().st_mode & 0o777 == 0o700
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"host={socket} user=mainstay_superuser dbname=postgres passfile=/dev/null")
    with running.connect("owner") as connection:
        shown = {
            name: connection.execute(f"SHOW {name}").fetchone()[0] for name in ("listen_addresses", "data_checksums")
        }
    assert shown == {"listen_addresses": "", "data_checksums": "on"}
    secrets = [path.stat().st_mode & 0o777 for path in (running.home / "secrets").iterdir()]
    assert set(secrets) == {0o600}


def test_a_stop_finishes_the_requests_under_way(running):
    answers = []

    def ask():
        connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)
        connection.request("GET", "/readyz")
        answers.append(connection.getresponse().read())

    with running.connect("owner") as connection, connection.transaction():
        connection.execute("LOCK TABLE django_migrations IN ACCESS EXCLUSIVE MODE")
        request = threading.Thread(target=ask)
        request.start()
        waiting = "SELECT 1 FROM pg_locks WHERE NOT granted"
        eventually(lambda: connection.execute(waiting).fetchone(), "the request waits in the database")
        running.process.send_signal(signal.SIGTERM)
        eventually(lambda: "Stopping" in running.words(), "it is stopping")
        assert answers == []
    request.join(60)
    assert answers == [b"ok\n"]
    assert running.ended() == 0


def test_a_clean_stop_leaves_no_process_and_no_run_file(running):
    pids = [running.process.pid, *(running.pid(name) for name in ("PostgreSQL", "The web server", "The worker bulk"))]
    assert running.stop(signal.SIGINT) == 0
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []
    assert not (running.home / "run.json").exists()


def test_a_killed_supervisor_takes_everything_along_and_the_next_start_finds_the_data(running):
    pids = [running.pid(name) for name in ("PostgreSQL", "The web server", "The worker bulk")]
    running.process.kill()
    running.ended()
    alive = processes._states
    eventually(lambda: all(alive().get(pid, ("Z", 0))[0] == "Z" for pid in pids), "the children are gone")
    running.start()
    assert running.ready()


def test_three_deaths_of_one_child_within_a_minute_stop_it_with_the_reason():
    with new_instance(started_before=True) as instance:
        instance.start()
        for _ in range(3):
            killed = instance.pid("The worker bulk")
            os.kill(killed, signal.SIGKILL)
            eventually(lambda killed=killed: instance.pid("The worker bulk") != killed, "it was noticed")
        assert instance.ended() == 1
        assert "The worker bulk ended 3 times within a minute" in instance.words()


def test_it_refuses_to_start_when_a_crash_would_lose_confirmed_work(shared):
    shared.stop()
    configuration = shared.data / "postgresql.conf"
    before = configuration.read_text()
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        configuration.write_text(f"{before}\n{setting} = off\n")
        shared.launch()
        assert shared.ended() == 1
        assert f"PostgreSQL runs with {setting} = off" in shared.words()
    configuration.write_text(before)


#: What an operator or intruder may do to a database of their own: how, how it is mended, what a start then says.
SPOILT = {
    "superuser": (
        "ALTER ROLE mainstay_application SUPERUSER",
        "ALTER ROLE mainstay_application NOSUPERUSER",
        "is a superuser or bypasses row security",
    ),
    "bypassing": (
        "ALTER ROLE mainstay_application BYPASSRLS",
        "ALTER ROLE mainstay_application NOBYPASSRLS",
        "is a superuser or bypasses row security",
    ),
    "collation": (
        "UPDATE pg_database SET datcollversion = '0' WHERE datname = 'mainstay'",
        "ALTER DATABASE mainstay REFRESH COLLATION VERSION",
        "ALTER DATABASE mainstay REFRESH COLLATION VERSION",
    ),
    "history": (
        "ALTER TABLE records_record DISABLE TRIGGER USER",
        "ALTER TABLE records_record ENABLE TRIGGER USER",
        "Changes of records_record leave no history",
    ),
}


@pytest.mark.parametrize("way", SPOILT)
def test_it_refuses_a_database_that_cannot_be_trusted_and_the_doctor_says_so(running, way):
    spoil, mend, words = SPOILT[way]
    with running.connect("superuser") as connection, new_instance() as other:
        for role, name in (("application", "MAINSTAY_DATABASE_URL"), ("owner", "MAINSTAY_OWNER_DATABASE_URL")):
            password = (running.home / "secrets" / f"database_{role}").read_text().strip()
            place = quote(str(running.home / "database" / "socket"))
            other.environment[name] = f"postgresql://mainstay_{role}:{quote(password)}@/mainstay?host={place}"
        connection.execute(spoil)
        try:
            refused, doctor = other.run("up"), running.run("doctor")
        finally:
            connection.execute(mend)
    assert (refused.returncode, doctor.returncode) == (1, 1)
    assert words in refused.stderr
    assert words in doctor.stdout


def test_a_home_made_by_another_postgresql_says_which_version_is_needed(shared):
    shared.stop()
    version = shared.data / "PG_VERSION"
    before = version.read_text()
    version.write_text("14\n")
    refused = shared.run("up")
    version.write_text(before)
    assert refused.returncode == 1
    assert "made by PostgreSQL 14" in refused.stderr
    assert "MAINSTAY_PG_BIN" in refused.stderr
