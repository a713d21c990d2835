"""One file that holds a whole instance, and the way back from it.

A backup is a tar file: `manifest.json` (counts and hashes of every table and file) with its own hash beside it,
`database.dump` (pg_dump's custom format), `secret_key`, and the attachments below `files/`. Restoring checks every hash
before and every table after.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from mainstay.site.operations import binaries, database, instance
from mainstay.site.operations.instance import InstanceError

FORMAT = 1

TABLES = """
    SELECT relname FROM pg_class
     WHERE relkind IN ('r', 'p') AND relpersistence = 'p' AND relnamespace = 'public'::regnamespace ORDER BY relname
"""
#: Order does not matter, every column does; md5 as a checksum because every PostgreSQL computes it alike.
CHECKSUM = "SELECT count(*), coalesce(sum(('x' || left(md5(t::text), 16))::bit(64)::bigint), 0)::text FROM {} AS t"


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. `tables` maps a name to its row count and checksum; all other parts have their SHA-256."""

    format: int
    mainstay: str
    postgresql: int
    taken: str
    migrations: list[str]
    tables: dict[str, list[Any]]
    dump: str
    secret_key: str
    files: dict[str, str]


def file_folder() -> Path:
    """Where attachments lie."""
    return instance.home() / "files"


def back_up(target: Path) -> Manifest:
    """Write a backup of the running instance to `target`, while people work; answers what it holds.

    Raises InstanceError when `target` exists, psycopg.OperationalError when the database does not answer.
    """
    if target.exists():
        raise InstanceError(f"{target} exists already. Choose another name; backups are never overwritten.")
    with tempfile.TemporaryDirectory(dir=target.absolute().parent, prefix=".mainstay-backup-") as folder:
        dump = Path(folder) / "database.dump"
        with _snapshot() as (connection, snapshot):
            _dump(dump, snapshot, connection.info.server_version // 10000)
            tables = checksums(connection)
            migrations = _migrations(connection)
            server = connection.info.server_version // 10000
        # Files are only ever added, and before the rows that name them: those of the snapshot are all here.
        files = {path: _digest(file_folder() / path) for path in _file_paths()}
        manifest = Manifest(
            FORMAT,
            version("mainstay"),
            server,
            datetime.now(UTC).isoformat(timespec="seconds"),
            migrations,
            tables,
            _digest(dump),
            hashlib.sha256(instance.secret_key().encode()).hexdigest(),
            files,
        )
        _write(Path(folder) / "backup.tar", manifest, dump)
        os.replace(Path(folder) / "backup.tar", target)
    return manifest


@contextmanager
def _snapshot() -> Iterator[tuple[psycopg.Connection[Any], str]]:
    """One moment of the database that this connection and pg_dump both see."""
    with database.connect("owner") as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        yield connection, row[0] if row else ""


def checksums(connection: psycopg.Connection[Any]) -> dict[str, list[Any]]:
    """Row count and checksum of every table, as the connection's transaction sees them."""
    connection.execute("SET LOCAL timezone TO 'UTC'")
    found = {}
    for (name,) in connection.execute(TABLES).fetchall():
        row = connection.execute(sql.SQL(CHECKSUM).format(sql.Identifier(name))).fetchone()
        found[name] = list(row or ())
    return found


def _migrations(connection: psycopg.Connection[Any]) -> list[str]:
    rows = connection.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1").fetchall()
    return [name for (name,) in rows]


def _dump(path: Path, snapshot: str, major: int) -> None:
    _program(major, "pg_dump", "--format=custom", f"--snapshot={snapshot}", "--no-owner", "--no-privileges",
             f"--file={path}")  # fmt: skip


def _program(major: int, name: str, *arguments: str) -> None:
    """Run a PostgreSQL program of at least the server's version on the instance's database, as the owner role."""
    fitting = [found for found in binaries.candidates() if found.major >= major]
    if not fitting:
        raise InstanceError(f"{name} of PostgreSQL {major} or newer is needed; name its folder in MAINSTAY_PG_BIN.")
    place = instance.database("owner")
    reach = {
        "PGHOST": place["HOST"],
        "PGPORT": place["PORT"] or "5432",
        "PGUSER": place["USER"],
        "PGPASSWORD": place["PASSWORD"],
        "PGDATABASE": place["NAME"],
    }
    program = min(fitting, key=lambda found: found.major).program(name)
    done = subprocess.run([program, *arguments], env=os.environ | reach, check=False, capture_output=True, text=True)
    if done.returncode:
        raise InstanceError(f"{name} failed: {done.stderr.strip()}")


def _file_paths() -> list[str]:
    """Every attachment; what is still being received is none yet, and may be gone the next moment."""
    folder = file_folder()
    found = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    return sorted(str(path) for path in found if path.parts[0] != "incoming")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(target: Path, manifest: Manifest, dump: Path) -> None:
    words = dump.with_name("manifest.json")
    words.write_text(json.dumps(asdict(manifest), indent=1))
    seal = dump.with_name("manifest.sha256")
    seal.write_text(_digest(words))
    key = dump.with_name("secret_key")
    key.write_text(instance.secret_key())
    target.touch(mode=0o600)
    with tarfile.open(target, "w") as archive:
        for path in (words, seal, dump, key):
            archive.add(path, path.name)
        for name in manifest.files:
            archive.add(file_folder() / name, f"files/{name}")
    with target.open("rb") as file:
        os.fsync(file.fileno())


def _extract(archive: tarfile.TarFile, folder: Path) -> None:
    """Write the plain files of an archive below a folder, and nothing anywhere else.

    Python 3.11 learnt to do so by itself (`filter="data"`) with a later patch than Debian 12 has.
    """
    for part in archive:
        place = (folder / part.name).resolve()
        if not part.isfile() or not place.is_relative_to(folder.resolve()):
            raise ValueError(f"{part.name} does not belong here")
        place.parent.mkdir(parents=True, exist_ok=True)
        content = archive.extractfile(part)
        assert content is not None  # a plain file has some
        with content, place.open("wb") as file:
            shutil.copyfileobj(content, file)


def unpack(source: Path, folder: Path) -> Manifest:
    """Unpack a backup into `folder` and check every hash; InstanceError when a single bit is wrong."""
    try:
        with tarfile.open(source) as archive:
            _extract(archive, folder)
        manifest = Manifest(**json.loads((folder / "manifest.json").read_text()))
        contents = {f"files/{name}": sha for name, sha in manifest.files.items()} | {
            "manifest.json": (folder / "manifest.sha256").read_text(),
            "database.dump": manifest.dump,
            "secret_key": manifest.secret_key,
        }
        wrong = [name for name, sha in contents.items() if _digest(folder / name) != sha]
    except (tarfile.TarError, OSError, ValueError, TypeError) as error:
        raise InstanceError(f"{source} is not a whole backup of Mainstay: {error}") from error
    if wrong:
        raise InstanceError(f"{source} is damaged: {', '.join(wrong[:3])} differs from what was saved.")
    if manifest.format != FORMAT:
        raise InstanceError(f"{source} was made by Mainstay {manifest.mainstay}, in a format this version cannot read.")
    return manifest


def restore(source: Path, shipped: frozenset[tuple[str, str]]) -> Manifest:
    """Fill the empty database and home of this instance from `source`, and check every table.

    `shipped` are the migrations this code brings: a backup of a newer version is refused. The database must run, and
    nothing else on it. Raises InstanceError, and then leaves the database empty.
    """
    with database.connect("owner") as connection:
        if connection.execute(TABLES).fetchone() or (file_folder().exists() and any(file_folder().iterdir())):
            raise InstanceError("This instance is not empty. Restore into a new MAINSTAY_HOME; nothing was changed.")
        server = connection.info.server_version // 10000
    with tempfile.TemporaryDirectory(dir=instance.make_home(), prefix="restore-") as name:
        folder = Path(name)
        manifest = unpack(source, folder)
        newer = set(manifest.migrations) - {".".join(pair) for pair in shipped}
        if newer:
            raise InstanceError(
                f"The backup comes from a newer Mainstay ({manifest.mainstay}); install that version first."
            )
        _load(folder, manifest, max(server, manifest.postgresql))
    return manifest


def _load(folder: Path, manifest: Manifest, major: int) -> None:
    arguments = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
    _program(major, "pg_restore", *arguments, f"--dbname={instance.database('owner')['NAME']}",
             str(folder / "database.dump"))  # fmt: skip
    with database.connect("owner") as connection:
        restored = checksums(connection)
    differing = [name for name in manifest.tables if restored.get(name) != manifest.tables[name]]
    if differing:
        raise InstanceError(
            f"These tables differ from what was saved: {', '.join(differing)}. Do not use this instance."
        )
    if (folder / "files").exists():
        shutil.move(folder / "files", file_folder())
    key = instance.home() / "secrets" / "secret_key"
    draft = folder / "secret_key"
    draft.chmod(0o600)
    os.replace(draft, key)
