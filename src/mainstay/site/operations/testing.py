"""Databases for the tests: one cluster, one migrated template, a copy for whoever needs its own.

Loaded as a pytest plugin before settings are read, so that no test ever touches a real instance. The cluster
stays on disk between runs; several runs and their workers share it, and the last one to leave stops it.
"""

import atexit
import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from itertools import count
from pathlib import Path

from mainstay.site.operations import instance, processes
from mainstay.site.operations.binaries import Binaries, binaries_in, wheel_folder
from mainstay.site.operations.postgres import Cluster

#: A test database need not survive a power cut.
FAST = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "200",
    "autovacuum": "off",
    "max_wal_size": "256MB",
}
TEMPLATES_KEPT = 6
#: Behind a 0700 socket folder of this account; it lasts as long as the cluster on disk.
PASSWORD = "test"  # noqa: S105 - of a database that lives as long as a run of the tests

_numbers = count()


def test_binaries() -> Binaries:
    """The wheel's binaries, or those in the folder MAINSTAY_TEST_POSTGRES."""
    named = os.environ.get("MAINSTAY_TEST_POSTGRES")
    folder = Path(named) if named else wheel_folder()
    binaries = binaries_in(folder) if folder else None
    if binaries is None:
        raise instance.InstanceError(f"No PostgreSQL for the tests in {folder}; see MAINSTAY_TEST_POSTGRES.")
    return binaries


def _place(major: int) -> Path:
    root = hashlib.sha256(str(Path(__file__).resolve().parents[4]).encode()).hexdigest()[:8]
    return Path(tempfile.gettempdir()) / f"mainstay-tests-{os.geteuid()}-{root}-{major}"


@cache
def prepare_environment() -> Path:
    """Point this process at a throw-away home; settings read after this see nothing of a real instance."""
    home = Path(tempfile.mkdtemp(prefix="mainstay-test-home-"))
    atexit.register(_forget, home, os.getpid())
    for name in [name for name in os.environ if name.startswith("MAINSTAY_") and "_TEST_" not in name]:
        del os.environ[name]
    os.environ["MAINSTAY_HOME"] = str(home)
    os.environ["MAINSTAY_INTERNAL_NETWORKS"] = "127.0.0.1/32"  # where the servers of tests listen
    (home / "secrets").mkdir(mode=0o700)
    for role in ("superuser", "owner", "application"):
        (home / "secrets" / f"database_{role}").write_text(PASSWORD)
    return home


def _forget(home: Path, mine: int) -> None:
    if os.getpid() == mine:
        shutil.rmtree(home, ignore_errors=True)


@cache
def cluster() -> Cluster:
    """The running test cluster; started by whoever comes first, stopped by whoever leaves last."""
    binaries = test_binaries()
    place = _place(binaries.major)
    passwords = dict.fromkeys(("superuser", "owner", "application"), PASSWORD)
    found = Cluster(place, binaries, passwords, FAST)
    users = _join(found)
    atexit.register(_leave, found, users, os.getpid())
    return found


def _join(shared: Cluster) -> int:
    """Count ourselves in and start the server if it is not running; answers the descriptor that counts us."""
    with _alone(shared.folder.with_suffix(".lock")):
        made = shared.prepare()
        users = os.open(shared.folder.with_suffix(".users"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(users, fcntl.LOCK_SH)
        if shared.postmaster() not in processes.working_in(shared.data):
            shared.clear_way()
            _start(shared)
        if made:
            shared.create_roles()
        _sweep(shared)
    return users


def _start(shared: Cluster) -> None:
    with shared.folder.with_suffix(".log").open("wb") as log:
        server = subprocess.Popen(
            shared.command(),
            stdout=log,
            stderr=log,
            start_new_session=True,
            **processes.credentials(shared.account),
        )
    shared.wait_until_ready(lambda: server.poll() is None, 60)


def _leave(shared: Cluster, users: int, mine: int) -> None:
    """Stop the server when nobody else counts."""
    if os.getpid() != mine:
        return
    with _alone(shared.folder.with_suffix(".lock")):
        with suppress(BlockingIOError):
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shared.clear_way()
        os.close(users)


def _sweep(shared: Cluster) -> None:
    """Drop the copies of processes that are gone, and the oldest templates."""
    with shared.connect() as connection:
        rows = connection.execute("SELECT datname FROM pg_database ORDER BY oid").fetchall()
    names = [name for (name,) in rows]
    for name in names:
        if name.startswith("copy_") and not Path(f"/proc/{name.split('_')[1]}").exists():
            shared.drop_database(name)
    for name in [name for name in names if name.startswith("template_m")][:-TEMPLATES_KEPT]:
        shared.drop_database(name)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on a file."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@cache
def template() -> str:
    """The name of the migrated database that copies are made of; migrated now if these migrations are new."""
    from mainstay.site.operations import migration

    name = f"template_m{migration.digest()}"
    shared = cluster()
    with _alone(shared.folder.with_suffix(".template")):
        if not shared.has_database(name):
            draft = f"draft_{name}"
            shared.drop_database(draft)
            shared.create_database(draft)
            with using(draft):
                migration.migrate()
            with shared.connect() as connection:
                connection.execute(f'ALTER DATABASE "{draft}" RENAME TO "{name}"')
    return name


@contextmanager
def using(name: str) -> Iterator[None]:
    """Point Django's default connection, in every thread, at a database of the test cluster."""
    from django.db import connection, connections

    settings = connections.settings["default"]
    before = dict(settings)
    connection.close()
    settings.update(
        {
            "NAME": name,
            "HOST": str(cluster().socket),
            "PORT": str(instance.PORT),
            "USER": instance.ROLES["application"],
            "PASSWORD": PASSWORD,
        }
    )
    try:
        yield
    finally:
        connection.close()
        settings.clear()
        settings.update(before)


@contextmanager
def database_copy() -> Iterator[str]:
    """A fresh copy of the template as Django's default database, dropped afterwards."""
    name = f"copy_{os.getpid()}_{next(_numbers)}"
    shared = cluster()
    _copy(shared, template(), name)
    try:
        with using(name):
            yield name
    finally:
        shared.drop_database(name)


def _copy(shared: Cluster, source: str, name: str) -> None:
    """CREATE DATABASE refuses while another copy of the same template is being made: wait for our turn."""
    with _alone(shared.folder.with_suffix(".template")):
        shared.create_database(name, source)


prepare_environment()
