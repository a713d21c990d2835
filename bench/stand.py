"""The instance that is measured: seeded once per set of migrations, copied anew for every run."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mainstay.site.operations import instance, migration, postgres
from mainstay.site.operations.supervisor import Supervisor

MAINSTAY = [sys.executable, "-m", "mainstay.site.cli"]


def say(words: str) -> None:
    print(words, flush=True)


def template_name(size: str) -> str:
    """Return the name of the seeded database, which changes with every migration."""
    return f"bench_{size}_{migration.digest()}"


def prepare(size: str, port: int) -> float:
    """Give the instance a fresh copy of the `size` organisation; return the seconds that seeding took, 0 if kept."""
    supervisor = Supervisor("127.0.0.1", port)
    live = instance.database("owner")["NAME"]
    name, took = template_name(size), 0.0
    with supervisor.database_alone():
        cluster = postgres.embedded_cluster()
        kept = cluster.has_database(name)
        cluster.drop_database(live)
        cluster.create_database(live, template=name if kept else "template0", large=kept)
        if not kept:
            took = _seed(size)
            cluster.create_database(name, template=live, large=True)
    return took


def _seed(size: str) -> float:
    subprocess.run([*MAINSTAY, "migrate"], check=True, stdout=subprocess.DEVNULL)
    began = time.monotonic()
    subprocess.run([*MAINSTAY, "demo", "--size", size], check=True)
    return time.monotonic() - began


@contextmanager
def running(port: int) -> Iterator[int]:
    """Run the shipped server, `mainstay up`; answer its process id once it answers."""
    log = instance.home() / "bench.log"
    environment = {**os.environ, "MAINSTAY_PORT": str(port)}
    with log.open("wb") as file:
        process = subprocess.Popen([*MAINSTAY, "up"], stdout=file, stderr=file, env=environment)
        try:
            _wait_until_ready(process, log)
            yield process.pid
        finally:
            process.terminate()
            process.wait(timeout=120)


def _wait_until_ready(process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 300
    while "is ready" not in log.read_text():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"Mainstay did not start: {log.read_text()}")
        time.sleep(0.2)


@contextmanager
def empty(port: int) -> Iterator[None]:
    """Run nothing but the database, with an empty, migrated instance in it."""
    live = instance.database("owner")["NAME"]
    with Supervisor("127.0.0.1", port).database_alone():
        cluster = postgres.embedded_cluster()
        cluster.drop_database(live)
        cluster.create_database(live)
        subprocess.run([*MAINSTAY, "migrate"], check=True, stdout=subprocess.DEVNULL)
        yield
