"""Jobs of dead workers are taken up again, whatever state they died in (procrastinate's issues 1446 and 1408)."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from mainstay.site.operations import worker


def job(**columns):
    values = {"queue_name": "prompt", "task_name": "anything", "status": "doing", "args": "{}"} | columns
    names = ", ".join(values)
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(values))
        cursor.execute(f"INSERT INTO procrastinate_jobs ({names}) VALUES ({marks}) RETURNING id", list(values.values()))
        return cursor.fetchone()[0]


def worker_seen(seconds_ago):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - make_interval(secs => %s)) RETURNING id",
            [seconds_ago],
        )
        return cursor.fetchone()[0]


def states():
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, status::text FROM procrastinate_jobs")
        return dict(cursor.fetchall())


def take_up():
    async def work():
        with app.replace_connector(worker.connector()) as direct:
            async with direct.open_async():
                return await worker.take_up_stalled(direct)

    with ThreadPoolExecutor(1) as thread:  # a browser test before this one leaves a loop running in its own thread
        return thread.submit(asyncio.run, work()).result()


@pytest.mark.database
def test_a_job_of_a_dead_worker_waits_again_and_one_of_a_living_worker_is_left_alone(fresh_database):
    dead, living, orphan = job(worker_id=worker_seen(60)), job(worker_id=worker_seen(5)), job()
    assert take_up() == 2
    assert states() == {dead: "todo", living: "doing", orphan: "todo"}


@pytest.mark.database
def test_a_job_whose_sibling_waits_already_ends_instead_of_blocking_for_ever(fresh_database):
    waiting = job(queueing_lock="once", status="todo")
    stalled, alone = job(queueing_lock="once"), job(queueing_lock="other")
    assert take_up() == 2
    assert states() == {waiting: "todo", stalled: "aborted", alone: "todo"}


@pytest.mark.database
def test_two_stalled_jobs_with_one_queueing_lock_become_one(fresh_database):
    first, second = job(queueing_lock="once"), job(queueing_lock="once")
    assert take_up() == 2
    assert states() == {first: "todo", second: "aborted"}


@pytest.mark.database
def test_a_job_that_took_its_worker_along_five_times_is_parked(fresh_database):
    poison, fresh = job(attempts=worker.ATTEMPTS - 1), job(attempts=worker.ATTEMPTS - 2)
    assert take_up() == 2
    assert states() == {poison: "failed", fresh: "todo"}
