"""How the instance fares, in figures: asked by the health addresses, the metrics and the doctor."""

from dataclasses import dataclass
from functools import cache

from django.db import connection
from django.db.migrations.loader import MigrationLoader

#: Seconds after which a worker that gave no sign of life counts as gone (it gives one every 10).
SILENCE = 30

QUEUES = """
    SELECT queue_name,
           count(*) FILTER (WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()),
           count(*) FILTER (WHERE status = 'doing'),
           count(*) FILTER (WHERE status = 'failed'),
           coalesce(extract(epoch FROM max(now() - coalesce(scheduled_at, deferred.at, now()))
                    FILTER (WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now())), 0)::float
      FROM procrastinate_jobs job
      LEFT JOIN LATERAL (SELECT min(at) AS at FROM procrastinate_events
                          WHERE job_id = job.id AND type = 'deferred') deferred ON job.status = 'todo'
     GROUP BY queue_name ORDER BY queue_name
"""
WORKERS = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)"


@dataclass(frozen=True)
class Queue:
    """A job queue: jobs due, running and given up, and how long the oldest due one has waited, in seconds."""

    name: str
    due: int
    running: int
    failed: int
    lag: float


def queues() -> list[Queue]:
    """Every queue that holds a job."""
    with connection.cursor() as cursor:
        cursor.execute(QUEUES)
        return [Queue(*row) for row in cursor.fetchall()]


def workers() -> int:
    """How many job workers gave a sign of life lately."""
    with connection.cursor() as cursor:
        cursor.execute(WORKERS, [SILENCE])
        return int(cursor.fetchone()[0])


MAILS = """
    SELECT count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE state = 'quarantined'),
           coalesce(extract(epoch FROM now() - min(received) FILTER (WHERE state = 'waiting')), 0)::float
      FROM mail_receivedmail WHERE state IN ('waiting', 'quarantined')
"""


@dataclass(frozen=True)
class Mails:
    """Mails that came in: waiting and quarantined ones, and how long the oldest one has waited, in seconds."""

    waiting: int
    quarantined: int
    lag: float


def mails() -> Mails:
    """What became nothing yet of the mails that came in."""
    with connection.cursor() as cursor:
        cursor.execute(MAILS)
        return Mails(*cursor.fetchone())


READINGS = """
    SELECT slug, coalesce(extract(epoch FROM now() - failing), 0)::float, error
      FROM mail_mailboxreading JOIN mail_mailbox mailbox ON mailbox.id = mailbox_id
     WHERE retired IS NULL AND imap_host <> '' ORDER BY slug
"""


@dataclass(frozen=True)
class Reading:
    """A mailbox that is read: for how many seconds that has failed (0 when it does not), and what there is to say."""

    mailbox: str
    failing: float
    words: str


def readings() -> list[Reading]:
    """How reading each mailbox fares."""
    with connection.cursor() as cursor:
        cursor.execute(READINGS)
        return [Reading(*row) for row in cursor.fetchall()]


def server_version() -> str:
    """PostgreSQL's version, such as `18.4`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT split_part(current_setting('server_version'), ' ', 1)")
        return str(cursor.fetchone()[0])


def database_size() -> int:
    """The size of the database in bytes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


@cache
def shipped_migrations() -> frozenset[tuple[str, str]]:
    """The migrations this code brings, as pairs of label and name; they cannot change while it runs."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations or ())


def pending_migrations() -> list[str]:
    """The migrations not yet applied, as `label.name`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        applied = set(cursor.fetchall())
    return sorted(".".join(pair) for pair in shipped_migrations() - applied)
