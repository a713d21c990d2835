"""Where the public mails are that the tests read, and how their cases are taken out of the files they come in."""

import ast
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

DATA = Path(os.environ.get("MAINSTAY_TEST_DATA", Path(__file__).parents[5].parent / "shared" / "data")) / "email"
MIME = DATA / "mime" / "spec" / "fixtures" / "emails"
REPLIES = DATA / "reply_parser" / "test" / "emails"
TALON = DATA / "talon" / "tests"

needs_the_mails = pytest.mark.skipif(not DATA.exists(), reason="the public mails are not in ../shared/data")


def mails() -> list[Path]:
    """Every mail of the corpus, in a fixed order."""
    return sorted(path for path in MIME.rglob("*") if path.is_file() and not path.name.startswith("."))


def place(path: Path) -> str:
    return path.relative_to(MIME).as_posix()


def stated(file: str, function: str) -> Iterator[tuple[str, str, object]]:
    """Yield test, input and stated result of every `eq_(result, ...function(input))` in a file of test functions.

    Only literals are read, nothing is run; a test that changes a limit of the program it belongs to is left out.
    """
    tree = ast.parse((TALON / file).read_text())
    for test in tree.body:
        if isinstance(test, ast.FunctionDef) and test.name.startswith("test_") and not test.decorator_list:
            yield from _stated_in(test, function)


def _stated_in(test: ast.FunctionDef, function: str) -> Iterator[tuple[str, str, object]]:
    known: dict[str, object] = {}
    for statement in test.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            known[statement.targets[0].id] = _value(statement.value, known)
        call = statement.value if isinstance(statement, ast.Expr) else None
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "eq_":
            inner = [node for node in ast.walk(call) if isinstance(node, ast.Call) and _called(node) == function]
            results = [_value(argument, known) for argument in call.args if not _holds(argument, inner)]
            if inner and results and results[0] is not None:
                text = _value(inner[0].args[0], known)
                if isinstance(text, str):
                    yield test.name, text, results[0]


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _holds(node: ast.AST, calls: list[ast.Call]) -> bool:
    return any(child is call for child in ast.walk(node) for call in calls)


def _value(node: ast.expr, known: dict[str, object]) -> object:
    """The value of a literal, of a name assigned before, or of the end of such a text."""
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Tuple):
        return tuple(_value(element, known) for element in node.elts)
    if isinstance(node, ast.Call) and _called(node) == "sub":
        return _value(node.args[-1], known)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        text = _value(node.value, known)
        if isinstance(text, str):
            before = node.slice.lower.args[0] if isinstance(node.slice.lower, ast.Call) else None
            return text[len(ast.literal_eval(before)) :] if before else None
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None
