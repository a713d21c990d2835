"""Processes of the operating system: whose they are, who waits for them, who works where."""

import ctypes
import os
import pwd
import signal
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

# linux/prctl.h
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36

_libc = ctypes.CDLL(None, use_errno=True)


def credentials(account: pwd.struct_passwd | None) -> dict[str, Any]:
    """Arguments of subprocess: run as an account (None: as we are), from a folder it can enter."""
    if account is None:
        return {"cwd": "/"}
    return {"cwd": "/", "user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def become_subreaper() -> None:
    """Inherit orphaned grandchildren, so that they are reaped even where process 1 does not (prctl(2))."""
    _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def reap_orphans(known: Sequence[int]) -> None:
    """Reap ended processes that are not our own children: those belong to their Popen objects."""
    for pid in zombies_of(os.getpid()):
        if pid not in known:
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)


def zombies_of(parent: int) -> list[int]:
    """The ended, not yet reaped children of a process."""
    return [pid for pid, (state, its_parent) in _states().items() if state == "Z" and its_parent == parent]


def working_in(folder: Path) -> list[int]:
    """The living processes whose working directory is `folder`: for a data folder, PostgreSQL's own."""
    place = os.fspath(folder.resolve())
    found = []
    for pid, (state, _) in _states().items():
        if state in "ZX":
            continue
        with suppress(OSError):
            if os.readlink(f"/proc/{pid}/cwd") == place:
                found.append(pid)
    return found


def _states() -> dict[int, tuple[str, int]]:
    """State and parent of every process, from /proc/PID/stat (proc(5)); its name may hold brackets."""
    found = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with suppress(OSError):
                fields = Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()
                found[int(entry)] = (fields[0], int(fields[1]))
    return found


def spawn(
    command: Sequence[str],
    *,
    account: pwd.struct_passwd | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
    **options: Any,
) -> subprocess.Popen[bytes]:
    """Start a child in its own process group (the terminal's Ctrl-C reaches only us) that dies with us.

    `stop_signal` is what the kernel sends it when we are killed, so that no ownerless tree stays behind.
    """
    return subprocess.Popen(
        command,
        process_group=0,
        preexec_fn=dies_with_parent(stop_signal, os.getpid()),  # noqa: PLW1509  no threads in the supervisor
        **credentials(account),
        **options,
    )


def dies_with_parent(stop_signal: signal.Signals, parent: int) -> Callable[[], None]:
    """What a child does before its program starts, so that the kernel signals it when we end (prctl(2))."""

    def arrange() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, stop_signal, 0, 0, 0)
        if os.getppid() != parent:  # killed between fork and prctl
            os._exit(1)

    return arrange
