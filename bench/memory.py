"""What the whole stack weighs: proportional set size, so that shared pages count once."""

from pathlib import Path


def tree(root: int) -> list[int]:
    """Return the process ids at and below `root`."""
    parents: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, parent = int(status.parent.name), int(status.read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
        parents.setdefault(parent, []).append(pid)
    found, ahead = [], [root]
    while ahead:
        here = ahead.pop()
        found.append(here)
        ahead += parents.get(here, [])
    return found


def proportional_megabytes(root: int) -> tuple[float, int]:
    """Return the summed PSS (MB of 1,000,000 bytes) of the tree below `root`, and its number of processes."""
    kilobytes, count = 0, 0
    for pid in tree(root):
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        count += 1
        kilobytes += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kilobytes * 1024 / 1e6, count
