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


#: What a theme can change: it has colours alone.
OF_THEMES = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
EVERYTHING = {"runOnly": TAGS}


def violations(page: Any, within: str = "body", rules: dict[str, Any] = EVERYTHING) -> list[str]:
    """Return what axe finds wrong inside a selector of the page, one line for each place.

    axe runs in the page through the debugger's own evaluation, so the page's policy stays as strict as it is.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(f"() => {{ {_source()} }}")
    found = page.evaluate(
        "async ([within, rules]) => (await axe.run(within, {...rules, resultTypes: ['violations']})).violations",
        [within, rules],
    )
    return [f"{each['id']}: {node['target']} {node['failureSummary']}" for each in found for node in each["nodes"]]


def in_both_themes(page: Any, within: str = "body") -> list[str]:
    """Return what axe finds in light, and what the dark colours add to it."""
    found = []
    for theme, rules in (("light", EVERYTHING), ("dark", OF_THEMES)):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # no colour in transition
        found += [f"{theme}: {line}" for line in violations(page, within, rules)]
    return found
