"""A job worker: runs the jobs of one queue, and takes up those of workers that died."""

import asyncio
import contextlib
import logging

from procrastinate import App, PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params

logger = logging.getLogger(__name__)

#: Jobs a worker runs side by side.
CONCURRENCY = {"prompt": 4, "bulk": 1}
#: A worker without a heartbeat for so many seconds is dead (it gives one every 10).
SILENCE = 30
REAPING_INTERVAL = 15.0
#: A job that was begun so often and took its worker with it every time is parked as failed.
ATTEMPTS = 5

# One job at a time. A job whose queueing lock is held by a waiting sibling cannot wait again (unique index),
# and need not: the sibling will do the same work. Jobs of a worker row that is already gone have no worker.
TAKE_UP_ONE = """
    WITH found AS (
        SELECT stalled.id, stalled.queueing_lock
          FROM procrastinate_jobs stalled
          LEFT JOIN procrastinate_workers worker ON worker.id = stalled.worker_id
         WHERE stalled.status = 'doing'
           AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %(silence)s))
         ORDER BY stalled.id LIMIT 1 FOR UPDATE OF stalled SKIP LOCKED)
    UPDATE procrastinate_jobs AS job
       SET status = (CASE WHEN EXISTS (SELECT FROM procrastinate_jobs sibling
                                        WHERE sibling.status = 'todo'
                                          AND sibling.queueing_lock = found.queueing_lock) THEN 'aborted'
                          WHEN job.attempts + 1 >= %(attempts)s THEN 'failed'
                          ELSE 'todo' END)::procrastinate_job_status,
           attempts = job.attempts + 1, scheduled_at = now(), worker_id = NULL
      FROM found
     WHERE job.id = found.id
 RETURNING job.id, job.task_name, job.status
"""


def run(queue: str) -> None:
    """Work on `queue` until SIGINT or SIGTERM; jobs already begun get 25 seconds to finish."""
    with app.replace_connector(connector()) as direct:
        asyncio.run(_work(direct, queue))


def connector() -> PsycopgConnector:
    """Return the worker's way to the queue: at rest one connection, for each costs PostgreSQL some megabytes.

    What it notes there (a job is begun, done) need not be on disk before it goes on: a job whose end is lost in a crash
    of PostgreSQL runs again, as every job may. What the jobs themselves write is Django's connection's, and durable.
    """
    parameters = connector_params()
    options = f"{parameters.get('options', '')} -c synchronous_commit=off".strip()
    return PsycopgConnector(kwargs=parameters | {"options": options}, min_size=1)


async def _work(direct: App, queue: str) -> None:
    async with direct.open_async():
        reaper = asyncio.create_task(_reap_for_ever(direct))
        try:
            await direct.run_worker_async(
                queues=[queue],
                name=queue,
                concurrency=CONCURRENCY[queue],
                delete_jobs="successful",
                shutdown_graceful_timeout=25,
            )
        finally:
            reaper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await reaper


async def _reap_for_ever(direct: App) -> None:
    """Not a job itself: a job could stall, and then nobody would take it up."""
    while True:
        try:
            await take_up_stalled(direct)
        except Exception:
            # The database may be away, or a sibling was deferred this instant: the next round decides again.
            logger.exception("could not take up stalled jobs")
        await asyncio.sleep(REAPING_INTERVAL)


async def take_up_stalled(direct: App) -> int:
    """Give every job of a dead worker back to its queue, or end it; answers how many there were."""
    count = 0
    while rows := await direct.connector.execute_query_all_async(TAKE_UP_ONE, attempts=ATTEMPTS, silence=SILENCE):
        for row in rows:
            logger.warning("job %(id)s (%(task_name)s) of a dead worker is now %(status)s", row)
        count += len(rows)
    return count
