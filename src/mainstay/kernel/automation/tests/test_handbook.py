"""The page about rules names every field and every occasion, with its type, and no other."""

import re
from pathlib import Path

import pytest

from mainstay.kernel.automation.engine.planning import CREATED
from mainstay.kernel.automation.registry import automated, fields_of, occasions_of

PAGE = Path(__file__).parents[5] / "docs/using/rules.md"
LINE = re.compile(r"^\| `(\w+)` \| ([a-z()]+) \| (\w+) \| .+ \|$", re.MULTILINE)
OF = {"all": ("contact", "incident"), "contacts": ("contact",), "incidents": ("incident",)}


@pytest.mark.parametrize("kind", sorted(OF["all"]))
def test_the_handbook_names_the_fields_of_conditions_with_their_types(kind: str) -> None:
    told = {name: type for name, type, of in LINE.findall(PAGE.read_text()) if kind in OF[of]}
    assert told == {name: field.type for name, field in fields_of(kind).items()}


def test_the_handbook_names_the_changes_on_which_rules_are_asked() -> None:
    (sentence,) = re.findall(r"when one of these was changed: ([^.]+)\.", PAGE.read_text())
    known = {name for kind in automated() for name in occasions_of(kind)} - {CREATED}
    assert set(re.findall(r"`(\w+)`", sentence)) == known
