"""Where the bytes are: one file for each content, named by its digest, below `MEDIA_ROOT`.

No name that a sender chose ever becomes a path. What is being received has a random name in `incoming`,
on the same file system, so that it takes its place in one step.
"""

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings

DIGEST = re.compile(r"[0-9a-f]{64}")
PIECE = 1 << 20


class TooLarge(Exception):
    """The stream is longer than allowed."""


class Readable(Protocol):
    """Anything that gives bytes: an open file, an uploaded one, a mail's part."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Received:
    """What arrived: where it waits, its SHA-256 (hexadecimal), size in bytes and first bytes."""

    path: Path
    digest: str
    size: int
    head: bytes


def incoming() -> Path:
    """Return the folder of unfinished files, made if needed."""
    folder = Path(settings.MEDIA_ROOT) / "incoming"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def place_of(digest: str) -> Path:
    """Return where a content lies. Raises ValueError for anything but a digest."""
    if not DIGEST.fullmatch(digest):
        raise ValueError("not a SHA-256 digest")
    return Path(settings.MEDIA_ROOT) / digest[:2] / digest


@contextmanager
def received(stream: Readable, *, most: int, head: int) -> Iterator[Received]:
    """Write a stream to disk, for sure (fsync); whatever happens then, nothing stays in `incoming`.

    Raises TooLarge beyond `most` bytes, without having read more than a piece too much.
    """
    path = incoming() / secrets.token_hex(16)
    digest, size, first = hashlib.sha256(), 0, b""
    try:
        with open(path, "xb", opener=_private) as file:
            while piece := stream.read(PIECE):
                size += len(piece)
                if size > most:
                    raise TooLarge
                first = first or piece[:head]
                digest.update(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        yield Received(path, digest.hexdigest(), size, first)
    finally:
        path.unlink(missing_ok=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_CLOEXEC, 0o600)


def keep(file: Received) -> None:
    """Put what was received in its place for good, unless the same content lies there already."""
    place = place_of(file.digest)
    if place.exists():
        return
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.replace(file.path, place)
    for folder in (place.parent, place.parent.parent):
        _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def open_place(digest: str) -> BinaryIO:
    """Open a content for reading. Raises FileNotFoundError when it is not there."""
    return place_of(digest).open("rb")


def remove(digest: str) -> None:
    """Remove a content; one that is not there is removed already."""
    place_of(digest).unlink(missing_ok=True)


def older_than(instant: float) -> Iterator[os.DirEntry[str]]:
    """Yield every file last changed before `instant` (Unix seconds): contents and what was never finished."""
    root = Path(settings.MEDIA_ROOT)
    folders = [folder for folder in root.iterdir() if folder.is_dir()] if root.is_dir() else []
    for folder in folders:
        with os.scandir(folder) as entries:
            yield from (entry for entry in entries if entry.is_file() and entry.stat().st_mtime < instant)
