"""Every picture of the documentation is taken by one command, stands in a page, and says in words what it shows."""

import re
import struct
from pathlib import Path

import pytest

from tests.browser.pictures import FOLDER, PICTURES

ROOT = Path(__file__).parents[1]
SHOWN = re.compile(r"!\[([^\]]*)\]\([^)]*images/([\w-]+)\.png\)")


def size_of(picture: Path) -> tuple[int, int]:
    """Width and height in pixels, from the header chunk (PNG specification, 11.2.2)."""
    width, height = struct.unpack(">II", picture.read_bytes()[16:24])
    return width, height


@pytest.mark.check
def test_the_pictures_are_those_of_the_table_and_all_of_them_are_shown() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    shown = [found for page in pages for found in SHOWN.findall(page.read_text())]
    assert {name for _words, name in shown} == {picture.name for picture in PICTURES}
    assert {path.stem for path in FOLDER.iterdir()} == {picture.name for picture in PICTURES}
    assert [name for words, name in shown if len(words) < 10] == [], "say what it shows"


@pytest.mark.check
def test_a_picture_is_as_large_as_the_table_says() -> None:
    assert {path.stem: size_of(path) for path in FOLDER.iterdir()} == {each.name: each.size for each in PICTURES}
