"""A PostgreSQL cluster of our own: its binaries, its creation, its process.

The rules are those of the PostgreSQL manual ("Server Setup and Operation"): scram passwords, a private socket
and no TCP, checksums, a locale that no operating system upgrade can change.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from mainstay.site.operations import instance, processes
from mainstay.site.operations.binaries import Binaries, choose_binaries
from mainstay.site.operations.instance import InstanceError

#: Small enough for a laptop, and every one of them may be changed in postgresql.conf of the cluster.
SETTINGS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_worker_processes": "4",
    "autovacuum_max_workers": "2",
    "random_page_cost": "1.1",
    "wal_compression": "on",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "jit": "off",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
}


@dataclass
class Cluster:
    """One data folder with the binaries that serve it.

    `folder` holds `data/`, `socket/` and, where needed, a copy of the binaries; `extra` are settings that win
    over the cluster's own files (the tests' cluster uses them, the product's never does).
    """

    folder: Path
    binaries: Binaries
    passwords: Mapping[str, str]
    extra: Mapping[str, str] = field(default_factory=dict)
    account: pwd.struct_passwd | None = field(default_factory=instance.database_account)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def socket(self) -> Path:
        return instance.socket_folder(self.folder)

    def prepare(self) -> bool:
        """Make folders and, the first time, the cluster itself. Answers whether it was made now."""
        self._own(self.folder)
        self._own(self.socket)
        self._make_binaries_readable()
        if (self.data / "PG_VERSION").exists():
            return False
        self._initialise()
        return True

    def _own(self, folder: Path) -> None:
        """Make a 0700 folder of the account's; refuse one that belongs to somebody else."""
        owner = self.account.pw_uid if self.account else os.geteuid()
        with suppress(FileExistsError):
            folder.parent.mkdir(parents=True, exist_ok=True, mode=0o711 if self.account else 0o700)
            folder.mkdir(mode=0o700)
            if self.account:
                os.chown(folder, self.account.pw_uid, self.account.pw_gid)
        about = folder.lstat()
        if not folder.is_dir() or folder.is_symlink() or about.st_uid != owner:
            raise InstanceError(f"{folder} belongs to somebody else. Remove it, or set MAINSTAY_HOME elsewhere.")
        folder.chmod(0o700)

    def _make_binaries_readable(self) -> None:
        """Copy the binaries beside the data once if the account cannot reach them (below /root)."""
        if self.account is None or instance.reachable(self.binaries.folder / "postgres", self.account):
            return
        install = self.binaries.folder.parent
        copy = self.folder / f"postgresql-{self.binaries.major}"
        if not copy.exists():
            draft = Path(tempfile.mkdtemp(dir=self.folder))
            shutil.copytree(install, draft / install.parent.name / install.name, symlinks=True)
            # The wheel's programs look for their libraries three folders up (their RPATH).
            libraries = install.parent.with_name(f"{install.parent.name}.libs")
            if libraries.exists():
                shutil.copytree(libraries, draft / libraries.name)
            draft.chmod(0o755)
            draft.rename(copy)
        self.binaries = Binaries(copy / install.parent.name / install.name / "bin", self.binaries.major)

    def _initialise(self) -> None:
        """Run initdb into a draft renamed when complete, so that a kill leaves nothing half made."""
        draft = self.folder / "data.draft"
        shutil.rmtree(draft, ignore_errors=True)
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        locale = builtin if self.binaries.major >= 17 else []
        with tempfile.NamedTemporaryFile("w", dir=self.folder) as password:
            password.write(self.passwords["superuser"])
            password.flush()
            if self.account:
                os.chown(password.name, self.account.pw_uid, self.account.pw_gid)
            self.run(
                "initdb",
                *("--pgdata", str(draft), "--username", instance.SUPERUSER, "--pwfile", password.name),
                *("--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--data-checksums"),
                *locale,
            )
        with (draft / "postgresql.conf").open("a") as file:
            file.write("\n# Mainstay's own; change them below this line.\n")
            file.writelines(f"{name} = {value}\n" for name, value in SETTINGS.items())
        draft.rename(self.data)

    def run(self, program: str, *arguments: str) -> str:
        """Run one PostgreSQL program and answer its output; raises InstanceError with its words."""
        done: subprocess.CompletedProcess[str] = subprocess.run(
            [self.binaries.program(program), *arguments],
            check=False,
            capture_output=True,
            text=True,
            **processes.credentials(self.account),
        )
        if done.returncode:
            raise InstanceError(f"{program} failed: {(done.stderr or done.stdout).strip()}")
        return done.stdout

    def command(self) -> list[str]:
        """The command line of the server itself (a direct child: no pg_ctl between)."""
        settings = [f"--{name.replace('_', '-')}={value}" for name, value in self.extra.items()]
        return [self.binaries.program("postgres"), "-D", str(self.data), "-k", str(self.socket), *settings]

    def connect(self, dbname: str = "postgres", **options: Any) -> psycopg.Connection:
        """A superuser's connection in autocommit, for creating roles and databases."""
        return psycopg.connect(
            host=str(self.socket),
            port=instance.PORT,
            user=instance.SUPERUSER,
            password=self.passwords["superuser"],
            dbname=dbname,
            autocommit=True,
            **options,
        )

    def wait_until_ready(self, alive: Any = lambda: True, seconds: float = 600) -> None:
        """Wait for the first connection; crash recovery may take minutes, a dead server is told at once."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                self.connect(connect_timeout=5).close()
                return
            except psycopg.OperationalError as error:
                if not alive():
                    raise InstanceError("PostgreSQL ended at its start.") from error
                if time.monotonic() > deadline:
                    raise InstanceError(f"PostgreSQL is silent for {seconds:.0f} s: {error}") from error
            time.sleep(0.05)

    def create_roles(self) -> None:
        """Create or refresh the two roles: the owner migrates, the application works without DDL."""
        with self.connect() as connection:
            for role in ("owner", "application"):
                name = instance.ROLES[role]
                known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
                verb = sql.SQL("ALTER" if known else "CREATE")
                connection.execute(
                    sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD {}").format(
                        verb, sql.Identifier(name), sql.Literal(self.passwords[role])
                    )
                )

    def create_database(self, name: str, template: str = "template0", *, large: bool = False) -> None:
        """Create a database of the owner role, a copy of `template`; only our two roles may connect.

        A `large` one is copied file by file between two checkpoints, a small one through the log: each the faster way.
        """
        identifier = sql.Identifier
        with self.connect() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY {}").format(
                    identifier(name),
                    identifier(instance.ROLES["owner"]),
                    identifier(template),
                    sql.SQL("file_copy" if large else "wal_log"),
                )
            )
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(identifier(name)))
            connection.execute(
                sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
                    identifier(name), identifier(instance.ROLES["application"])
                )
            )

    def has_database(self, name: str) -> bool:
        """Whether a database of this name exists."""
        with self.connect() as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            return found.fetchone() is not None

    def drop_database(self, name: str) -> None:
        """Drop a database, ending whoever is still connected."""
        with self.connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def postmaster(self) -> int | None:
        """The process id written in postmaster.pid, if there is one."""
        with suppress(FileNotFoundError, ValueError, IndexError):
            return int((self.data / "postmaster.pid").read_text().split()[0])
        return None

    def clear_way(self, seconds: float = 60) -> None:
        """Make sure that no server works on this data before a new one starts.

        A postmaster whose supervisor was killed is told to stop; a killed one's children are waited for. A
        lock file may then remain whose process is dead but not yet reaped, or is another program by now, and
        PostgreSQL would refuse for ever: it is taken away once nobody works in the data folder.
        Raises InstanceError when somebody still does after `seconds`.
        """
        deadline = time.monotonic() + seconds
        while working := processes.working_in(self.data):
            if time.monotonic() > deadline:
                raise InstanceError(f"Processes {working} still use {self.data}. End them, then start again.")
            if self.postmaster() in working:
                with suppress(ProcessLookupError):
                    os.kill(self.postmaster() or 0, signal.SIGINT)
            time.sleep(0.1)
        (self.data / "postmaster.pid").unlink(missing_ok=True)


def embedded_cluster() -> Cluster:
    """This instance's own cluster, whether or not it has been made yet."""
    folder = instance.database_home()
    passwords = {role: instance.secret(f"database_{role}") for role in ("superuser", "owner", "application")}
    return Cluster(folder, choose_binaries(folder / "data"), passwords)
