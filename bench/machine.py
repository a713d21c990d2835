"""What else the machine did meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def stolen() -> Iterator[list[float]]:
    """Answer, after the block, the share of processor time that the host gave to its other guests (`steal`)."""
    share: list[float] = []
    before = _times()
    yield share
    spent = [after - earlier for after, earlier in zip(_times(), before, strict=True)]
    share.append(spent[7] / max(1, sum(spent)))


def _times() -> list[int]:
    """Return user, nice, system, idle, iowait, irq, softirq and steal of all processors, in ticks."""
    return [int(ticks) for ticks in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
