"""Accessibility by axe-core, run in the page as it stands."""

from functools import cache
from pathlib import Path
from typing import Any

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
#: WCAG 2.2 level A and AA, and axe's own good practice.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@cache
def _source() -> str:
    return AXE.read_text()


def violations(page: Any, within: str = "body") -> list[str]:
    """Return what axe finds wrong inside a selector of the page, one line for each place.

    axe runs in the page through the debugger's own evaluation, so the page's policy stays as strict as it is.
    """
    page.evaluate(f"() => {{ {_source()} }}")
    found = page.evaluate(
        "async ([within, tags]) => (await axe.run(within, {runOnly: tags, resultTypes: ['violations']})).violations",
        [within, TAGS],
    )
    return [f"{each['id']}: {node['target']} {node['failureSummary']}" for each in found for node in each["nodes"]]


def in_both_themes(page: Any, within: str = "body") -> list[str]:
    """Return what axe finds in light and in dark."""
    found = []
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # no colour in transition
        found += [f"{theme}: {line}" for line in violations(page, within)]
    return found
