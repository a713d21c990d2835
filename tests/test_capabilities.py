"""The matrix of capabilities is true: what it calls done can be used, is tested and is explained."""

import ast
from pathlib import Path

import pytest

from tests.isolation.routes import operations, pages
from tests.matrix import IDS, PAGE, Capability, capabilities, page

ROOT = Path(__file__).parent.parent
ROWS = capabilities()
STARTED = [row for row in ROWS if row.status != "planned"]


def test_every_capability_is_listed_once_and_none_is_invented() -> None:
    assert sorted(row.id for row in ROWS) == sorted(IDS)


def test_a_status_is_one_of_three_and_what_is_partly_done_says_what_is_missing() -> None:
    assert {row.status for row in ROWS} <= {"done", "partly", "planned"}
    assert [row.id for row in ROWS if (row.status == "partly") != bool(row.missing)] == []


def test_what_is_planned_claims_nothing() -> None:
    claims = [
        row.id for row in ROWS if row.status == "planned" and (row.screen or row.operation or row.test or row.page)
    ]
    assert claims == []


@pytest.mark.parametrize("row", STARTED, ids=lambda row: row.id)
def test_what_is_done_names_a_way_in_a_test_and_a_page_that_exist(row: Capability) -> None:
    assert row.screen or row.operation or row.status == "partly", "name a screen or an operation"
    assert not row.screen or row.screen in {f"/{each.pattern}" for each in pages()}
    assert not row.operation or row.operation in {each.name for each in operations()}
    assert function_exists(row.test), f"there is no test {row.test}"
    assert row.page.endswith(".md"), "name a page"
    assert (ROOT / row.page).is_file(), f"there is no page {row.page}"


def function_exists(test: str) -> bool:
    """Say whether the file of `path::function` defines that function, without running it."""
    path, _, name = test.partition("::")
    if not (ROOT / path).is_file():
        return False
    body = ast.parse((ROOT / path).read_text(encoding="utf-8")).body
    return name.startswith("test_") and any(isinstance(node, ast.FunctionDef) and node.name == name for node in body)


def test_a_test_that_is_not_there_is_noticed() -> None:
    here = "tests/test_capabilities.py"
    assert function_exists(f"{here}::test_a_test_that_is_not_there_is_noticed")
    assert not function_exists(f"{here}::test_that_nobody_wrote")
    assert not function_exists("tests/nowhere.py::test_that_nobody_wrote")


def test_the_page_is_made_from_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(ROWS), "run `make capabilities`"
