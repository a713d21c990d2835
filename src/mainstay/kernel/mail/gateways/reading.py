"""Reading mails in a process of its own, so that one that takes for ever or swells ends that process and no other."""

import atexit
import math
import os
import resource
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from multiprocessing.connection import Connection

from mainstay.kernel.mail.engine import Letter, Unreadable, read

#: What a mail may take: so much for any, and so much more for each megabyte of it. Seconds of the processor.
SECONDS, SECONDS_FOR_MEGABYTE = 2.0, 0.2
#: Beside what the process takes before it reads.
MEGABYTES, MEGABYTES_FOR_MEGABYTE = 256, 8
MEGABYTE = 1024 * 1024
#: A process reads so many mails and is replaced: what one leaves behind in memory does not add up.
MAILS_OF_ONE_PROCESS = 1_000
#: A new process that does not say by then that it is ready is given up. Seconds.
STARTING = 60.0
#: On a machine that is busy otherwise, a second of the processor may last so long.
BUSY = 30


class _Reader:
    """A process that reads one mail after another, replaced when it was lost."""

    def __init__(self) -> None:
        self._alone = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self._left = 0

    def read(self, raw: bytes) -> Letter:
        """Return what a mail says; raise Unreadable where its bounds were reached."""
        size = len(raw) / MEGABYTE
        seconds = SECONDS + SECONDS_FOR_MEGABYTE * size
        more = int((MEGABYTES + MEGABYTES_FOR_MEGABYTE * size) * MEGABYTE)
        with self._alone:
            connection = self._ready()
            try:
                connection.send((seconds, more))
                connection.send_bytes(raw)
                if not connection.poll(seconds * BUSY):
                    raise EOFError
                letter: Letter = connection.recv()
            except (EOFError, OSError) as lost:
                self.stop()
                raise Unreadable(f"{seconds:.0f} s, {more // MEGABYTE} MB") from lost
            self._left -= 1
        return letter

    def _ready(self) -> Connection:
        if self._connection is None or self._left <= 0:
            self.stop()
            self._connection = self._start()
            self._left = MAILS_OF_ONE_PROCESS
        return self._connection

    def _start(self) -> Connection:
        # A new program and not a copy: threads of this process may hold locks that nobody would release in a copy.
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-m", __name__, str(theirs.fileno())]
            self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], start_new_session=True)  # noqa: S603 - this program, by its full path
        connection = Connection(ours.detach())
        if not connection.poll(STARTING):
            connection.close()
            self.stop()
            raise OSError("The process that reads mails did not start.")
        connection.recv()
        return connection

    def stop(self) -> None:
        """End the process, if there is one, in the middle of whatever it does."""
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = self._connection = None

    def leave(self) -> None:
        """Let go of the process in a copy of this one: it is the parent's, and each would get the other's mails."""
        if self._connection is not None:
            self._connection.close()
        self._process = self._connection = None
        self._alone = threading.Lock()


def _serve(connection: Connection) -> None:
    """Read what comes through a connection until it closes, each mail within its bytes of memory."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    at_rest = _address_space()
    connection.send("ready")
    with suppress(EOFError):
        while True:
            seconds, more = connection.recv()
            raw = connection.recv_bytes()
            _bound(resource.RLIMIT_AS, at_rest + more)
            _bound(resource.RLIMIT_CPU, math.ceil(time.process_time() + seconds))
            letter = read(raw)
            _bound(resource.RLIMIT_AS, resource.RLIM_INFINITY)
            connection.send(letter)


def _bound(limit: int, value: int) -> None:
    """Set a limit of this process (setrlimit(2)), within the one that nobody may raise."""
    _soft, hard = resource.getrlimit(limit)
    least = value if hard == resource.RLIM_INFINITY else hard if value == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(limit, (least, hard))


def _address_space() -> int:
    """Return how many bytes of addresses this process has taken (proc(5))."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


_reader = _Reader()
atexit.register(_reader.stop)
os.register_at_fork(after_in_child=_reader.leave)


def read_apart(raw: bytes) -> Letter:
    """Return what a mail says, read in another process. Raises Unreadable when that took too much or ended there.

    What comes back is unpickled: the other process runs our own code alone and is as trusted as this one; it bounds
    what a mail costs, not what code may do.
    """
    return _reader.read(raw)


if __name__ == "__main__":
    _serve(Connection(int(sys.argv[1])))
