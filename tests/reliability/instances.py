"""A real instance for reliability tests: `mainstay up` in a home of its own, and ways to watch it."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

from mainstay.site.operations import processes
from mainstay.site.operations.testing import test_binaries as binaries

#: Seconds within which a small machine under load has done anything asked here; never a measurement.
PATIENCE = 300


def eventually(condition: Callable[[], object], what: str) -> None:
    """Wait until `condition` answers something true."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"not within {PATIENCE} s: {what}"
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def age(pid: int) -> float:
    """Seconds since a process started, from /proc/PID/stat and /proc/uptime (proc(5)); 0 when it is gone."""
    with contextlib.suppress(OSError):
        ticks = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
        return float(Path("/proc/uptime").read_text().split()[0]) - ticks / os.sysconf("SC_CLK_TCK")
    return 0


class Instance:
    """One home and, between `start` and `stop`, the `mainstay up` that runs on it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port()
        self.program = [sys.executable, "-m", "mainstay.site.cli"]
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("MAINSTAY_")},
            "MAINSTAY_HOME": str(home),
            "MAINSTAY_PORT": str(self.port),
            "MAINSTAY_PG_BIN": str(binaries().folder),
        }
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.home / "database" / "data"

    def words(self) -> str:
        return (self.home / "terminal.log").read_text()

    def launch(self) -> None:
        with (self.home / "terminal.log").open("ab") as terminal:
            self.process = subprocess.Popen(
                [*self.program, "up"],
                env=self.environment,
                stdout=terminal,
                stderr=terminal,
                start_new_session=True,
                # A killed test run takes its instance along.
                preexec_fn=processes.dies_with_parent(signal.SIGTERM, os.getpid()),  # noqa: PLW1509 - no threads yet
            )

    def start(self) -> None:
        before = self.words().count("Mainstay is ready") if (self.home / "terminal.log").exists() else 0
        self.launch()

        def ready() -> bool:
            assert self.process.poll() is None, self.words()
            return self.words().count("Mainstay is ready") > before

        eventually(ready, "the instance is ready")

    def ended(self) -> int:
        """Wait for the end of `mainstay up` and answer its exit code."""
        return self.process.wait(PATIENCE)

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        if self.process is None:
            return 0
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)
        return self.ended()

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One `mainstay` command on this home."""
        return subprocess.run(
            [*self.program, *arguments],
            env=self.environment,
            check=False,
            capture_output=True,
            text=True,
        )

    def pid(self, name: str) -> int:
        """The process of a child as the run file tells; 0 when nothing runs."""
        with contextlib.suppress(FileNotFoundError):
            return json.loads((self.home / "run.json").read_text())["processes"][name]
        return 0

    def below(self, name: str) -> list[int]:
        """The living processes that a child has started."""
        parent = self.pid(name)
        return [
            pid for pid, (state, its_parent) in processes._states().items() if its_parent == parent and state != "Z"
        ]

    def connect(self, role: str) -> psycopg.Connection:
        """A connection to the database as the `owner` of the tables, the `application` or the `superuser`."""
        return psycopg.connect(
            host=str(self.home / "database" / "socket"),
            user=f"mainstay_{role}",
            password=(self.home / "secrets" / f"database_{role}").read_text().strip(),
            dbname="mainstay",
            autocommit=True,
        )

    def status(self, path: str) -> int:
        """The status code of a page, 0 when nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def ready(self) -> bool:
        return self.status("/readyz") == 200


def _first_start() -> Path:
    """A home after its first start, made by whoever of a run comes first: to migrate takes most of a minute."""
    from mainstay.site.operations import migration, testing

    prepared = testing.cluster().folder.with_name(f"{testing.cluster().folder.name}-home-{migration.digest()}")
    with testing._alone(prepared.with_suffix(".lock")):
        if not prepared.exists():
            for old in prepared.parent.glob(f"{testing.cluster().folder.name}-home-*/"):
                shutil.rmtree(old)
            draft = prepared.with_suffix(".draft")
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir(mode=0o711)
            made = Instance(draft)
            made.start()
            made.stop()
            draft.rename(prepared)
    return prepared


@contextlib.contextmanager
def instance(*, started_before: bool = False) -> Iterator[Instance]:
    """An instance with a home that every account can reach, empty or not; stopped and removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="mainstay-instance-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        if started_before:
            subprocess.run(["cp", "-a", f"{_first_start()}/.", folder], check=True)
        made = Instance(Path(folder))
        try:
            yield made
        finally:
            made.stop(signal.SIGTERM)
            assert processes.working_in(made.data) == []
