"""Background work, deferred by name in the transaction of the row it is about."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from procrastinate.contrib.django import app

#: Timers and notifications go to `prompt`, imports and reports to `bulk`.
PROMPT, BULK = "prompt", "bulk"

Job = Callable[..., Any]


def job(name: str, *, queue: str = PROMPT, cron: str = "", attempts: int = 5) -> Callable[[Job], Any]:
    """Register a function as the job `name`; with `cron` (UTC) it also runs by itself, given `timestamp`.

    A job runs at least once, so its effect must be the same when it runs again. A failing job is tried
    `attempts` times, each time later than before.
    """
    from procrastinate import RetryStrategy

    def register(function: Job) -> Any:
        task = app.task(name=name, queue=queue, retry=RetryStrategy(max_attempts=attempts, exponential_wait=3))(
            function
        )
        return app.periodic(cron=cron)(task) if cron else task

    return register


def defer(
    name: str,
    *,
    at: datetime | None = None,
    lock: str | None = None,
    once: str | None = None,
    **arguments: Any,
) -> None:
    """Defer the job `name` with JSON-able arguments, in the current transaction.

    `at` (UTC) delays it; jobs with the same `lock` run one at a time, in order; while a job with the same
    `once` is waiting, a further one is dropped. Raises LookupError when nobody registered the name.
    """
    if name not in app.tasks:
        raise LookupError(f"job {name} is not registered")
    task = app.tasks[name].configure(schedule_at=at, lock=lock, queueing_lock=once)
    if once is None:
        task.defer(**arguments)
    else:
        _defer_unless_waiting(task, arguments)


def _defer_unless_waiting(task: Any, arguments: dict[str, Any]) -> None:
    from django.db import transaction
    from procrastinate.exceptions import AlreadyEnqueued

    try:
        with transaction.atomic():  # the unique violation must not end the caller's transaction
            task.defer(**arguments)
    except AlreadyEnqueued:
        pass
