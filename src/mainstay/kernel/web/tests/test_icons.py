"""Every symbol that a page or a menu names is in the sprite."""

import re
from pathlib import Path

PACKAGE = Path(__file__).parents[3]
LIST = PACKAGE / "kernel/web/islands/web/icons.txt"
IN_TEMPLATES = re.compile(r"""\bicon(?:_name)?(?:\(|=)\s*["']([a-z0-9-]+)["']""")
IN_PYTHON = re.compile(r"""\bicon\s*[=:]\s*(?:str\s*=\s*)?["']([a-z0-9-]+)["']""")


def names() -> list[str]:
    return [line for line in LIST.read_text().splitlines() if line and not line.startswith("#")]


def used() -> set[tuple[str, str]]:
    sources = [(IN_TEMPLATES, path) for path in PACKAGE.glob("**/jinja2/**/*.html")]
    sources += [(IN_PYTHON, path) for path in PACKAGE.glob("**/*.py") if "tests" not in path.parts]
    return {(path.name, name) for pattern, path in sources for name in pattern.findall(path.read_text())}


def test_every_named_icon_is_drawn() -> None:
    found, drawn = used(), set(names())
    assert len(found) > 10
    assert sorted(entry for entry in found if entry[1] not in drawn) == []


def test_the_list_of_icons_is_sorted_and_names_none_twice() -> None:
    assert names() == sorted(set(names()))
