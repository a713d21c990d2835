"""What nobody registered does not exist: every page, operation and job names what it takes."""

import pytest
from procrastinate.contrib.django import app

from mainstay.kernel.access.doors import EVERYONE, SIGNED_IN
from mainstay.kernel.access.registry import is_declared
from tests.isolation.routes import Route, is_third_party, operations, pages

#: Who a job acts as, and what keeps it inside its bounds. A job that is not listed here fails the suite.
JOBS = {
    "builtin:procrastinate.builtin_tasks.remove_old_jobs": "the library's own: deletes finished jobs, reads no record",
    "incidents.wake": "the system; resumes the one incident whose own hold deferred it",
    "incidents.resolve_children": "the system; only children linked by somebody with the right to link both",
    "incidents.close_resolved": "the system; closes what its own requester let pass",
}


def described(routes: list[Route]) -> list[str]:
    return sorted({route.name for route in routes})


def test_every_page_names_what_it_takes() -> None:
    found = pages()
    assert len(found) > 20, "the walk sees no pages: it proves nothing"
    assert described([route for route in found if route.needs is None and not is_third_party(route)]) == []


def test_every_operation_names_what_it_takes() -> None:
    found = operations()
    assert len(found) > 10, "the walk sees no operations: it proves nothing"
    assert described([route for route in found if route.needs is None]) == []


@pytest.mark.parametrize("collect", [pages, operations])
def test_what_a_page_takes_is_a_declared_capability(collect: object) -> None:
    words = {SIGNED_IN, EVERYONE, None}
    routes = collect()  # type: ignore[operator]
    assert [route.name for route in routes if route.needs not in words and not is_declared(route.needs)] == []


def test_a_page_open_to_everyone_says_why() -> None:
    assert [route.name for route in pages() if route.needs == EVERYONE and not route.view.reason] == []


def test_every_job_is_known() -> None:
    ours = {name for name in app.tasks if not name.startswith("builtin:")}
    assert sorted(ours - set(JOBS)) == []
    assert sorted({name for name in JOBS if not name.startswith("builtin:")} - ours) == []
