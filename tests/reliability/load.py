"""Many callers who create incidents until each is acknowledged, and a ledger of what was acknowledged to them."""

import contextlib
import http.client
import json
import os
import secrets
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

from tests.reliability.instances import PATIENCE, Instance

ROOT = Path(__file__).resolve().parents[2]
CALLERS = 8
#: Answers after which a caller asks again: the same key is at work elsewhere, or the service is away for a moment.
AGAIN = {409, 503}

PREPARE = """
import django
django.setup()
from mainstay.kernel.access.actions import create_token
from mainstay.kernel.access.actor import system
from tests.world import build
print(create_token(build().requester, by=system("command"), name="load")[1])
"""


def prepare(instance: Instance) -> str:
    """Write the small world into a running instance; answer a token of its requester."""
    environment = {**instance.environment, "DJANGO_SETTINGS_MODULE": "mainstay.site.settings"}
    done = subprocess.run(
        [sys.executable, "-c", PREPARE], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


class Ledger:
    """What was acknowledged, key by key, in a file outside the instance that is written through to the disk."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("a")
        self.lock = threading.Lock()
        self.numbers: dict[str, str] = {}

    def enter(self, key: str, number: str) -> None:
        with self.lock:
            self.file.write(f"{key} {number}\n")
            self.file.flush()
            os.fsync(self.file.fileno())
            self.numbers[key] = number


class Load:
    """Callers with one token. `answers` counts what they met; 0 stands for a broken or refused connection."""

    def __init__(self, instance: Instance, token: str, ledger: Ledger) -> None:
        self.instance, self.ledger, self.name = instance, ledger, secrets.token_hex(4)
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.answers: Counter[int] = Counter()
        self.keys = (f"{self.name}-{number}" for number in count())
        self.taking = threading.Lock()
        self.begun: list[str] = []
        #: No further key is begun; none is tried again either.
        self.enough, self.called_off = threading.Event(), threading.Event()

    @property
    def acknowledged(self) -> int:
        return len(self.ledger.numbers)

    @contextlib.contextmanager
    def at_work(self) -> Iterator[None]:
        """Create for the length of the block, and after it until all that was begun is acknowledged."""
        with ThreadPoolExecutor(CALLERS) as pool:
            work = [pool.submit(self._create) for _ in range(CALLERS)]
            try:
                yield
            finally:
                self.enough.set()
            for caller in work:
                caller.result(PATIENCE)

    def _create(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.instance.port, timeout=60)
        try:
            while not self.enough.is_set():
                self._create_one(connection, self._next_key())
        except BaseException:
            self.enough.set()
            self.called_off.set()
            raise

    def _next_key(self) -> str:
        with self.taking:
            self.begun.append(next(self.keys))
            return self.begun[-1]

    def _create_one(self, connection: http.client.HTTPConnection, key: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not self.called_off.is_set() and not self._try(connection, key):
            assert time.monotonic() < deadline, f"{key} was never acknowledged: {self.answers}"
            connection.close()
            time.sleep(0.1)

    def _try(self, connection: http.client.HTTPConnection, key: str) -> bool:
        try:
            body = json.dumps({"title": key})
            connection.request("POST", "/api/v1/incidents", body, {**self.headers, "Idempotency-Key": key})
            response = connection.getresponse()
            status, text = response.status, response.read()
        except (OSError, http.client.HTTPException):
            self.answers[0] += 1
            return False
        self.answers[status] += 1
        if status == 201:
            self.ledger.enter(key, json.loads(text)["number"])
            return True
        assert status in AGAIN, (status, text)
        assert status != 503 or response.headers["Retry-After"], "whoever is turned away is told when to come again"
        return False


def written(load: Load) -> dict[str, list[tuple[str, int, int]]]:
    """Return what the database holds of each key: number, events `created`, and documents of the search."""
    found: dict[str, list[tuple[str, int, int]]] = {}
    with load.instance.connect("owner") as connection:
        rows = connection.execute(
            """SELECT title, number,
                      (SELECT count(*) FROM events_event WHERE record_id = record.id AND name = 'incident.created'),
                      (SELECT count(*) FROM search_searchdocument WHERE record_id = record.id)
                 FROM records_record AS record WHERE starts_with(title, %s)""",
            [f"{load.name}-"],
        )
        for title, *row in rows:
            found.setdefault(title, []).append(tuple(row))
    return found
