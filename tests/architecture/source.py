"""The product's own source, parsed once for every rule that reads it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "mainstay"


@dataclass(frozen=True)
class Module:
    path: Path
    tree: ast.Module

    @property
    def place(self) -> str:
        """The path below the package: `support/incidents/actions/moves.py`."""
        return self.path.relative_to(PACKAGE).as_posix()

    @property
    def name(self) -> str:
        return "mainstay." + self.place.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def imports(self) -> Iterator[str]:
        """Every module or name that is imported, as a dotted path."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield from (f"{node.module}.{alias.name}" for alias in node.names)

    def calls(self) -> Iterator[tuple[str, ast.Call]]:
        """Every call, with the last name of what is called."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                called = node.func
                if isinstance(called, ast.Attribute):
                    yield called.attr, node
                elif isinstance(called, ast.Name):
                    yield called.id, node

    def words(self) -> Iterator[str]:
        """Every name and every string that is not a docstring."""
        documentation = {
            id(node.body[0].value)
            for node in ast.walk(self.tree)
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Name):
                yield node.id
            elif isinstance(node, ast.Attribute):
                yield node.attr
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
                yield node.value


@cache
def product() -> tuple[Module, ...]:
    """Every module that ships and that a person wrote: no tests, no migrations."""
    return tuple(
        Module(path, ast.parse(path.read_text()))
        for path in sorted(PACKAGE.rglob("*.py"))
        if not {"tests", "migrations"} & set(path.relative_to(PACKAGE).parts)
    )
