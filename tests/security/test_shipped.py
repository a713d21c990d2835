"""What the wheel holds is written down here: nothing for developers, nothing of the tests, no secret (D46)."""

import re
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[2]
FOLDER = r"mainstay/(?:[a-z][a-z_]*/)*"
BUILT = r"mainstay/kernel/web/static/web/build/"
#: Everything that may be in it; what matches none of these was not meant to be shipped.
ALLOWED = (
    rf"{FOLDER}(?:[a-z_]+|migrations/\d{{4}}_\w+)\.py",
    rf"{FOLDER}jinja2/(?:[a-z_]+/)+[a-z_]+\.(?:html|txt)",
    r"mainstay/kernel/documents/(?:typst/document\.typ|jinja2/documents/document\.css|fonts/(?:NotoSans-\w+\.ttf|OFL\.txt))",
    r"mainstay/locale/[a-z]{2}/LC_MESSAGES/django\.mo",
    r"mainstay/kernel/web/static/web/[a-z]+\.(?:svg|png|webmanifest)",
    rf"{BUILT}manifest\.json",
    rf"{BUILT}assets/[\w-]+\.(?:js|css|svg|woff2)(?:\.br|\.gz)?",
    r"mainstay/py\.typed",
)
FORBIDDEN_FOLDERS = {"tests", "islands", "node_modules", "__pycache__", "bench", "samples"}
SECRET = re.compile(
    r"BEGIN [A-Z ]*PRIVATE KEY"
    r"|(?:password|secret|token|api_key)\w* *= *[\"'](?=[^\"']*\d)[A-Za-z0-9+/_-]{16,}[\"']",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def shipped() -> dict[str, Path]:
    """Every file of the wheel with where it comes from, by the rules the wheel is built with."""
    included = WheelBuilder(str(ROOT)).recurse_included_files()
    return {file.distribution_path: Path(file.path) for file in included}


def test_the_wheel_holds_only_what_is_meant_to_be_shipped(shipped: dict[str, Path]) -> None:
    assert len(shipped) > 300, "the list is empty: it proves nothing"
    assert [path for path in shipped if not any(re.fullmatch(rule, path) for rule in ALLOWED)] == []


def test_no_folder_of_developers_is_shipped(shipped: dict[str, Path]) -> None:
    assert [path for path in shipped if FORBIDDEN_FOLDERS & set(Path(path).parts)] == []
    assert "mainstay/site/operations/testing.py" not in shipped


def test_no_test_tool_is_imported_by_what_is_shipped(shipped: dict[str, Path]) -> None:
    tools = re.compile(r"^\s*(?:from|import) (?:pytest|hypothesis|playwright|schemathesis|debug_toolbar|tests)\b", re.M)
    written = {path: file.read_text() for path, file in shipped.items() if path.endswith(".py")}
    found = [path for path, text in written.items() if tools.search(text)]
    assert found == []


def test_no_source_map_is_shipped_nor_pointed_to(shipped: dict[str, Path]) -> None:
    assert [path for path in shipped if path.endswith(".map")] == []
    built = [file for path, file in shipped.items() if path.endswith((".js", ".css"))]
    assert built != []
    assert [file.name for file in built if "sourceMappingURL" in file.read_text()] == []


def test_no_secret_is_shipped(shipped: dict[str, Path]) -> None:
    found = [
        (path, match[0])
        for path, file in shipped.items()
        if file.suffix in (".py", ".html", ".json")
        for match in SECRET.finditer(file.read_text())
    ]
    assert found == []
    assert SECRET.search('PASSWORD = "hunter2hunter2hunter2"'), "the search finds nothing: it proves nothing"
