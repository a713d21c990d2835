"""Fixtures for every test: databases, a running server, a browser."""

import logging
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from mainstay.site.operations import testing

#: The small world that most tests play in.
pytest_plugins = ["tests.world"]

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


#: What takes minutes: begun first, so that no worker is left alone with it at the end.
LONGEST = (
    "tests/isolation/test_walk.py",
    "tests/reliability/test_load.py",
    "tests/api/test_contract.py",
    "tests/browser/test_crawl.py",
    "tests/reliability/test_supervisor.py",
    "tests/reliability/test_backup.py",
    "tests/security/test_scripts_never_run.py",
    "tests/reliability/test_wheel.py",
    "src/mainstay/kernel/search/tests/test_known_duplicates.py",
    "src/mainstay/support/incidents/tests/test_import.py",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest; the others stay in their order."""
    place = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(place)))


@pytest.fixture(autouse=True)
def shipped_names() -> None:
    """Call states by the names shipped: reading those of an instance now and then would upset who counts queries."""
    from mainstay.kernel.records.labels import keep_shipped

    keep_shipped()


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    """Forget what was counted in the database of another test, where the same people saw the same event last."""
    from tests.world import forget_counters

    forget_counters()


class LogSweep(logging.Handler):
    """Looks through every line that is logged for what must never stand in one (D23)."""

    #: Tokens of the interface, what is stored of a password, and the passwords that most tests sign in with.
    SECRETS = re.compile(r"\bmst_[\w-]{20,}|argon2\$argon2id|pipe of correct length|[?&]token=\w")

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record)
        if self.SECRETS.search(line):
            self.found.append(line)


@pytest.fixture(scope="session")
def log_sweep() -> Iterator[LogSweep]:
    """Reads along with every log of the run."""
    sweep = LogSweep()
    logging.getLogger().addHandler(sweep)
    yield sweep
    logging.getLogger().removeHandler(sweep)


@pytest.fixture(autouse=True)
def no_secret_is_logged(log_sweep: LogSweep) -> Iterator[None]:
    """Fail the test during which a secret was logged."""
    log_sweep.found.clear()
    yield
    assert log_sweep.found == []


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """The database of tests that roll back: one copy of the migrated template per worker."""
    with django_db_blocker.unblock():
        copy = testing.database_copy()
        copy.__enter__()
    yield
    with django_db_blocker.unblock():
        copy.__exit__(None, None, None)


@pytest.fixture
def fresh_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A copy of the template for one test, whose transactions are real; answers its name."""
    with django_db_blocker.unblock(), testing.database_copy() as name:
        yield name


@contextmanager
def serving(application: Any) -> Iterator[str]:
    """Serve a WSGI application on a free port of this machine; answers its address."""
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

    class Quiet(WSGIRequestHandler):
        disable_nagle_algorithm = True  # a body written after its head else waits 40 ms for an acknowledgement

        def log_message(self, format: str, *args: Any) -> None:
            """A line per request would bury the test's own words."""

    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.set_app(application)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def server(fresh_database: str, settings: Any) -> Iterator[str]:
    """The address of the application, served on a fresh copy of the database.

    Its requests run in other threads and see what the test has committed, and the other way round.
    """
    from django.core.handlers.wsgi import WSGIHandler

    settings.CSRF_TRUSTED_ORIGINS = [*settings.CSRF_TRUSTED_ORIGINS, "http://localhost"]
    with serving(WSGIHandler()) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for the whole run."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=20_000)  # a loaded machine is slow, not wrong

    # Playwright keeps an event loop in this thread from now on, which makes Django suspect asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Any, server: str) -> Iterator[Any]:
    """A page of a new browser profile whose relative addresses lead to `server`.

    The test fails when a script failed or the page's own security policy blocked something.
    """
    complaints: list[str] = []
    context = browser.new_context(base_url=server)
    opened = context.new_page()
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console",
        lambda message: "Content Security Policy" in message.text and complaints.append(message.text),
    )
    yield opened
    context.close()
    assert complaints == []
