"""Running the jobs that a test deferred, as a worker would."""

import json

from django.db import connection
from procrastinate.contrib.django import app


def run(*names: str) -> int:
    """Run every waiting job of these names, and those they defer; return how many there were."""
    count = 0
    while job := _take(names):
        name, arguments = job
        app.tasks[name].func(**arguments)
        count += 1
    return count


def _take(names: tuple[str, ...]) -> tuple[str, dict[str, object]] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE id = (SELECT min(id) FROM procrastinate_jobs"
            " WHERE status = 'todo' AND task_name = ANY(%s)) RETURNING task_name, args",
            [list(names)],
        )
        row = cursor.fetchone()
    return (row[0], json.loads(row[1])) if row else None
