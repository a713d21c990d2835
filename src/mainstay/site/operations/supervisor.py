"""`mainstay up`: one tree of database, web server and job workers, cared for until told to stop."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field

import click

from mainstay.site.operations import database, instance, postgres, processes
from mainstay.site.operations.child import Child
from mainstay.site.operations.instance import InstanceError
from mainstay.site.operations.terminal import tell

#: Seconds a child may take to finish what it has begun when it is told to stop.
GRACE = 30.0
#: Seconds the web server may take to its first answer, on a small and busy machine.
FIRST_ANSWER = 180.0
#: How often the database is asked whether mail is to be taken in, in seconds.
INTAKE_INTERVAL = 5.0
INTAKE = "The mail intake"
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
MAINSTAY = [sys.executable, "-m", "mainstay.site.cli"]


class Stopped(BaseException):
    """Somebody asked us to stop (SIGINT, SIGTERM or SIGHUP)."""


@dataclass
class Supervisor:
    """Starts everything in order, restarts what dies, stops everything in order."""

    host: str
    port: int
    demo: bool = False
    children: list[Child] = field(default_factory=list)
    #: When to ask next whether mail is to be taken in.
    intake_asked_at: float = 0.0

    @property
    def address(self) -> str:
        """What a person types into a browser."""
        name = "localhost" if self.host in ("127.0.0.1", "localhost", "0.0.0.0", "::") else self.host  # noqa: S104 - compared, not listened on
        return f"http://{name}:{self.port}"

    def run(self) -> None:
        """Run until stopped. Raises InstanceError when it cannot start or a child keeps dying."""
        lock = instance.lock()
        if lock is None:
            raise InstanceError(_already_running())
        processes.become_subreaper()
        for number in STOP_SIGNALS:
            signal.signal(number, _stop)
        try:
            self._start()
            self._watch()
        except Stopped:
            tell("Stopping ...")
        finally:
            self._stop_all()
            instance.clear_run()
            os.close(lock)
        tell("Stopped.")

    @contextlib.contextmanager
    def database_alone(self) -> Iterator[None]:
        """Run nothing but the database for the length of the block; InstanceError when something runs already."""
        lock = instance.lock()
        if lock is None:
            raise InstanceError(_already_running())
        try:
            self._start_database()
            database.check()
            yield
        finally:
            self._stop_all()
            os.close(lock)

    def _start(self) -> None:
        _refuse_taken_port(self.host, self.port)
        os.environ["MAINSTAY_PORT"] = str(self.port)  # addresses that children print or send start with it
        self._start_database()
        database.check()
        self._publish()
        tell("Bringing the database up to date ...")
        if self.demo:
            _step("migrate")
            words = _step("demo", "--host", self.host)
        else:
            words = _step("migrate", "--first-administrator")
        tell("Starting web server and job workers ...")
        self._add(self._web())
        self._wait_for_web(self.children[-1])
        for queue in ("prompt", "bulk"):
            self._add(_worker(queue))
        self._publish()
        click.echo("\n".join(["", f"Mainstay is ready: {self.address}", *words.splitlines(), ""]))
        tell("Stop it with Ctrl-C.")

    def _start_database(self) -> None:
        if instance.external_database():
            tell("Using the database of MAINSTAY_DATABASE_URL.")
            return
        cluster = postgres.embedded_cluster()
        tell(f"Starting PostgreSQL {cluster.binaries.major} in {cluster.folder} ...")
        cluster.prepare()
        server = Child(
            "PostgreSQL",
            cluster.command(),
            account=cluster.account,
            stop_signal=signal.SIGINT,
            prepare=cluster.clear_way,
            log=instance.make_home() / "postgresql.log",
        )
        self._add(server)
        try:
            cluster.wait_until_ready(server.alive)
        except InstanceError as error:
            raise InstanceError(f"{error} {server.last_words()}") from error
        with cluster.connect() as connection:
            database.check_durable(connection)
        cluster.create_roles()
        if not cluster.has_database(instance.DATABASE):
            cluster.create_database(instance.DATABASE)

    def _web(self) -> Child:
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "4"]
        command += ["--host", self.host, "--port", str(self.port), "--log-level", "error", "--no-ws"]
        command += ["--respawn-failed-workers", "--respawn-interval", "0.5"]
        command += ["--workers-kill-timeout", str(int(GRACE)), "mainstay.site.wsgi:application"]
        return Child("The web server", command)

    def _add(self, child: Child) -> None:
        self.children.append(child)
        child.start()

    def _publish(self) -> None:
        pids = {child.name: child.process.pid for child in self.children if child.process}
        socket_place = "" if instance.external_database() else str(instance.database("application")["HOST"])
        instance.write_run(instance.Run(os.getpid(), self.address, socket_place, pids))

    def _wait_for_web(self, web: Child) -> None:
        deadline = time.monotonic() + FIRST_ANSWER
        while not _answers(self.host, self.port):
            if not web.alive():
                raise InstanceError("The web server ended while it started; its words stand above.")
            if time.monotonic() > deadline:
                raise InstanceError(f"The web server did not answer within {FIRST_ANSWER:.0f} s.")
            time.sleep(0.1)

    def _watch(self) -> None:
        """Look after the children. Without the database the others die blamelessly and wait for it."""
        while True:
            changed = False
            for child in self.children:
                changed |= self._care_for(child)
            changed |= self._care_for_intake()
            if changed:
                self._publish()
            processes.reap_orphans([child.process.pid for child in self.children if child.process])
            time.sleep(0.2)

    def _care_for(self, child: Child) -> bool:
        """Notice a death, start again what is due; answers whether anything started."""
        if child.alive():
            return False
        is_database = child.name == "PostgreSQL"
        if child.process is not None:
            child.bury(time.monotonic(), counted=is_database or database.answers())
        if time.monotonic() < child.restart_at or not (is_database or database.answers()):
            return False
        child.start()
        return True

    def _care_for_intake(self) -> bool:
        """Let the intake of mail run while it is wanted, and no longer; answers whether that changed."""
        if time.monotonic() < self.intake_asked_at:
            return False
        self.intake_asked_at = time.monotonic() + INTAKE_INTERVAL
        running = next((child for child in self.children if child.name == INTAKE), None)
        wanted = database.wants_intake()
        if wanted is None or wanted == (running is not None):
            return False
        if running is None:
            self._add(Child(INTAKE, [*MAINSTAY, "intake"]))
        else:
            running.ask_to_stop()
            running.end(GRACE)
            self.children.remove(running)
        return True

    def _stop_all(self) -> None:
        """Web and workers finish what they have begun, side by side; then the database, which they need."""
        _ignore_signals()
        others = [child for child in self.children if child.name != "PostgreSQL"]
        deadline = time.monotonic() + GRACE + 5
        for child in others:
            child.ask_to_stop()
        for child in others:
            child.end(deadline - time.monotonic())
        for child in self.children:
            if child.name == "PostgreSQL":
                child.ask_to_stop()
                child.end(2 * GRACE)


def _stop(number: int, frame: object) -> None:
    _ignore_signals()  # make and the terminal both send SIGINT; stopping must not be interrupted by the second
    raise Stopped


def _ignore_signals() -> None:
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _already_running() -> str:
    found = instance.read_run()
    where = f" at {found.address} (process {found.pid})" if found else ""
    return f"Mainstay already runs on {instance.home()}{where}. Stop it first, or set another MAINSTAY_HOME."


def _refuse_taken_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise InstanceError(
                f"Cannot listen on {host}:{port} ({error.strerror}). Choose another port with MAINSTAY_PORT."
            ) from error


def _worker(queue: str) -> Child:
    return Child(f"The worker {queue}", [*MAINSTAY, "worker", queue])


@contextlib.contextmanager
def _step_process(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A command of our own that ends with the block, whatever ends it."""
    process = processes.spawn([*MAINSTAY, *arguments], stdout=subprocess.PIPE)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait()


def _step(*arguments: str) -> str:
    """Run one of our commands to its end and answer what it printed; its progress goes to the terminal."""
    with _step_process(*arguments) as process:
        words, _ = process.communicate()
    if process.returncode:
        raise InstanceError(f"`mainstay {arguments[0]}` failed; its words stand above.")
    return words.decode().strip()


def _answers(host: str, port: int) -> bool:
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 - compared, not listened on
    try:
        urllib.request.urlopen(f"http://{name}:{port}/healthz", timeout=5)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
