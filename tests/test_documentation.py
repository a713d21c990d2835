"""The pages of the documentation hold together: every link between them leads somewhere."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "src").rglob("README.md")]
LINK = re.compile(r"\]\(([^)\s]+)\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_and_picture_of_a_page_leads_somewhere(page: Path) -> None:
    targets = [urlsplit(link) for link in LINK.findall(page.read_text(encoding="utf-8"))]
    dead = [target.path for target in targets if not target.scheme and not (page.parent / target.path).exists()]
    assert dead == []


def test_every_page_is_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md" or not page.is_file():
            continue
        reached.add(page)
        links = LINK.findall(page.read_text(encoding="utf-8"))
        waiting += [(page.parent / urlsplit(link).path).resolve() for link in links if not urlsplit(link).scheme]
    assert sorted(str(page.relative_to(ROOT)) for page in {*PAGES} - reached if "src" not in page.parts) == []
