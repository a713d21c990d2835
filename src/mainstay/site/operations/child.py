"""One long-running program of the supervisor's tree, and what is done when it dies."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from pwd import struct_passwd
from typing import IO

from mainstay.site.operations import processes
from mainstay.site.operations.instance import InstanceError
from mainstay.site.operations.terminal import tell

#: So many deaths of one child within so many seconds mean that restarting does not help.
DEATHS, WITHIN = 3, 60.0
LONGEST_LOG = 10_000_000


@dataclass
class Child:
    """One long-running program of the tree and how it fares."""

    name: str
    command: list[str]
    account: struct_passwd | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    #: Run before every start.
    prepare: Callable[[], None] = lambda: None
    #: Where its words go instead of the terminal; it is put aside at a start when it is long.
    log: Path | None = None
    process: subprocess.Popen[bytes] | None = None
    deaths: list[float] = field(default_factory=list)
    restart_at: float = 0.0

    def start(self) -> None:
        """Start the program."""
        self.prepare()
        with self._words() as words:
            self.process = processes.spawn(
                self.command,
                account=self.account,
                stop_signal=self.stop_signal,
                stdin=subprocess.DEVNULL,
                **({"stdout": words, "stderr": words} if words else {}),
            )

    def _words(self) -> contextlib.AbstractContextManager[IO[bytes] | None]:
        if self.log is None:
            return contextlib.nullcontext()
        if self.log.exists() and self.log.stat().st_size > LONGEST_LOG:
            self.log.replace(self.log.with_suffix(".old.log"))
        return self.log.open("ab")

    def last_words(self) -> str:
        """What it said last, or where to read it."""
        if self.log is None:
            return "Its words stand above."
        lines = self.log.read_text(errors="replace").splitlines()[-5:]
        return "\n  ".join([f"Its last words, from {self.log}:", *lines])

    def alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None

    def ask_to_stop(self) -> None:
        """Send it its own polite signal."""
        if self.process and self.alive():
            self.process.send_signal(self.stop_signal)

    def end(self, seconds: float) -> None:
        """Wait for its end, and force it after `seconds`, with all it has started: those would keep the port."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(seconds, 0))
            return
        tell(f"{self.name} did not stop by itself; ending it.")
        self._kill_group(self.process.pid)
        self.process.wait()

    def _kill_group(self, leader: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(leader, signal.SIGKILL)

    def bury(self, now: float, counted: bool) -> None:
        """Note a death, end what is left of its group, and choose when it starts again (0, 1, 2 s later)."""
        if self.process is None:
            return
        how = _how_it_ended(self.process.returncode)
        self._kill_group(self.process.pid)
        self.process = None
        self.deaths = [death for death in self.deaths if now - death < WITHIN]
        if counted:
            self.deaths.append(now)
        if len(self.deaths) >= DEATHS:
            raise InstanceError(
                f"{self.name} ended {DEATHS} times within a minute (last: {how}); stopping. {self.last_words()}"
            )
        delay = max(len(self.deaths) - 1, 0)
        self.restart_at = now + delay
        tell(f"{self.name} ended ({how}); starting it again" + (f" in {delay} s." if delay else "."))


def _how_it_ended(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
