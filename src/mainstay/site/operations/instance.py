"""Where an instance lives and how it is reached: home folder, secrets, databases, run file.

Standard library only: settings read this module before Django exists.
"""

import fcntl
import hashlib
import json
import os
import pwd
import secrets
import stat
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

Role = Literal["application", "owner"]

DATABASE = "mainstay"
PORT = 5432
ROLES = {"application": "mainstay_application", "owner": "mainstay_owner"}
SUPERUSER = "mainstay_superuser"

# A socket's whole path must fit in 107 bytes on Linux (unix(7)); PostgreSQL adds "/.s.PGSQL.5432.lock".
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432.lock")


class InstanceError(Exception):
    """The instance cannot be used as asked; the message says what to do."""


def checkout() -> Path | None:
    """The git checkout this code runs from, or None when it is installed."""
    root = Path(__file__).resolve().parents[4]
    return root if (root / ".git").exists() and (root / "pyproject.toml").exists() else None


def home() -> Path:
    """The folder that holds everything of this instance: cluster, files, secrets and run file.

    MAINSTAY_HOME, else `.mainstay/` of a checkout, else /var/lib/mainstay for root, else the XDG data home
    (XDG Base Directory Specification). The folder need not exist.
    """
    if named := os.environ.get("MAINSTAY_HOME"):
        return Path(named).expanduser().absolute()
    if root := checkout():
        return root / ".mainstay"
    if os.geteuid() == 0:
        return Path("/var/lib/mainstay")
    data_home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data_home) / "mainstay"


def make_home() -> Path:
    """Create the home if it is missing; root's lets the database account walk through to the cluster."""
    folder = home()
    if not folder.exists():
        folder.mkdir(parents=True, mode=0o711 if os.geteuid() == 0 else 0o700)
    return folder


def secret(name: str) -> str:
    """A random secret kept in the home as `secrets/<name>`, readable by its owner only; made once, 256 bits.

    Two processes may ask first at the same time: the hard link lets exactly one of them win.
    """
    path = home() / "secrets" / name
    with suppress(FileNotFoundError):
        return path.read_text().strip()
    make_home()
    path.parent.mkdir(mode=0o700, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(draft, path)
    os.unlink(draft)
    return path.read_text().strip()


def secret_key() -> str:
    """Django's SECRET_KEY: MAINSTAY_SECRET_KEY, else this instance's own."""
    return os.environ.get("MAINSTAY_SECRET_KEY") or secret("secret_key")


def external_database() -> bool:
    """Whether the database is somebody else's to run (MAINSTAY_DATABASE_URL is set)."""
    return bool(os.environ.get("MAINSTAY_DATABASE_URL"))


def database(role: Role) -> dict[str, Any]:
    """A Django DATABASES entry for one of the two roles: `application` works, `owner` migrates.

    MAINSTAY_DATABASE_URL and MAINSTAY_OWNER_DATABASE_URL if set (the first serves both when alone), else the
    instance's own cluster over its socket.
    """
    url = os.environ.get("MAINSTAY_DATABASE_URL")
    if url and role == "owner":
        url = os.environ.get("MAINSTAY_OWNER_DATABASE_URL") or url
    place = _parsed(url) if url else _embedded(role)
    options = {"connect_timeout": "5", "application_name": "mainstay"} | place.pop("OPTIONS", {})
    return {
        "ENGINE": "mainstay.kernel.practice.database",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
        **place,
    }


def _embedded(role: Role) -> dict[str, Any]:
    return {
        "NAME": DATABASE,
        "USER": ROLES[role],
        "PASSWORD": secret(f"database_{role}"),
        "HOST": str(socket_folder(database_home())),
        "PORT": str(PORT),
    }


def _parsed(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise InstanceError("MAINSTAY_DATABASE_URL must look like postgresql://user:password@host:5432/name.")
    options = dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path.removeprefix("/")) or DATABASE,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def database_account() -> pwd.struct_passwd | None:
    """The account PostgreSQL runs as when we are root (it refuses to run as root); None when we are not."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise InstanceError("PostgreSQL does not run as root, and no account postgres or nobody exists. Create one.")


def database_home() -> Path:
    """The folder of the embedded cluster: `database/` in the home.

    Root's checkout may lie where the database account cannot walk (such as /root); then the cluster lies in
    /var/lib/mainstay under a name made of the home's path.
    """
    folder = home() / "database"
    account = database_account()
    if account is None or reachable(folder, account):
        return folder
    digest = hashlib.sha256(str(home()).encode()).hexdigest()[:12]
    return Path("/var/lib/mainstay") / f"database-{digest}"


def reachable(path: Path, account: pwd.struct_passwd) -> bool:
    """Whether an account can walk down to `path`; folders not made yet will let it."""
    return all(_walkable(folder, account) for folder in path.parents if folder.exists())


def _walkable(folder: Path, account: pwd.struct_passwd) -> bool:
    about = folder.stat()
    if about.st_uid == account.pw_uid:
        return bool(about.st_mode & stat.S_IXUSR)
    if about.st_gid == account.pw_gid:
        return bool(about.st_mode & stat.S_IXGRP)
    return bool(about.st_mode & stat.S_IXOTH)


def socket_folder(cluster: Path) -> Path:
    """The 0700 folder of a cluster's socket: beside its data, or a short one under the temporary folder."""
    beside = cluster / "socket"
    if len(os.fsencode(beside)) <= LONGEST_SOCKET_FOLDER:
        return beside
    digest = hashlib.sha256(os.fsencode(cluster)).hexdigest()[:12]
    return Path("/tmp") / f"mainstay-{os.geteuid()}-{digest}"  # noqa: S108  made 0700 and its owner checked


@dataclass
class Run:
    """What a running instance tells the other commands, kept in `run.json`."""

    pid: int
    address: str
    socket: str
    processes: dict[str, int] = field(default_factory=dict)


def write_run(run: Run) -> None:
    """Publish the run file atomically."""
    path = make_home() / "run.json"
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(asdict(run), indent=2) + "\n")
    os.replace(draft, path)


def clear_run() -> None:
    """Take the run file away, as the last thing a supervisor does."""
    (home() / "run.json").unlink(missing_ok=True)


def read_run() -> Run | None:
    """What runs on this home, or None; a file left by a killed supervisor does not count."""
    if not is_locked():
        return None
    with suppress(FileNotFoundError, ValueError, TypeError):
        return Run(**json.loads((home() / "run.json").read_text()))
    return None


def lock() -> int | None:
    """Take this home for one supervisor; the descriptor to keep open, or None when somebody has it."""
    descriptor = os.open(make_home() / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def is_locked() -> bool:
    """Whether a supervisor holds this home."""
    if not (home() / "lock").exists():
        return False
    descriptor = lock()
    if descriptor is not None:
        os.close(descriptor)
    return descriptor is None
