"""What is wrong with a condition, why an action was not done, and what occasions are called, in words."""

from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.automation.engine.language import BadCondition
from mainstay.kernel.automation.engine.planning import CREATED
from mainstay.kernel.automation.registry import fields_of

PROBLEMS: dict[str, Any] = {
    "attribute": _("There is no custom field %(found)s; known are: %(names)s."),
    "compare": _("Values of the type %(found)s cannot be compared so."),
    "deep": _("Parentheses and signs go at most %(most)d deep."),
    "expected": _("“%(wanted)s” is expected where “%(found)s” stands."),
    "field": _("There is no field “%(found)s”; known are: %(names)s."),
    "incomplete": _("Something is missing at the end."),
    "index": _('Square brackets follow attributes alone, with a name in quotes: attributes["room"].'),
    "language": _("This cannot be read: %(found)s"),
    "left_over": _("“%(found)s” is too much. Join conditions by && (and) or || (or)."),
    "list": _("A list holds 1 to 200 written values of one type."),
    "long": _("A condition has at most %(most)d characters."),
    "method": _("There is no function “%(found)s”; known are: %(names)s."),
    "minus": _("A minus stands before a written number alone."),
    "nested": _("exists and all cannot stand within each other."),
    "number": _("This number is too long."),
    "pattern": _("A pattern is written out in quotes, with at most %(most)d characters."),
    "patterns": _("A condition has at most %(most)d patterns, and none within exists or all."),
    "repetitions": _("A pattern may ask for at most %(most)d repetitions, all of them multiplied."),
    "type": _("A value of the type %(wanted)s is expected, not %(found)s."),
    "unexpected": _("“%(found)s” cannot stand here."),
    "variable": _("Choose another name than “%(found)s” for the entry of the list."),
}
REFUSED: dict[str, Any] = {
    "category": _("this category cannot be chosen"),
    "team": _("this team does not work there"),
}


def problem_in_words(problem: BadCondition) -> str:
    """Return what is wrong with a condition, as a sentence."""
    return str(PROBLEMS[problem.problem]) % problem.details


def occasion_in_words(kind: str, occasion: str) -> str:
    """Return what an occasion is called: that a record is new, or the field that was changed."""
    if occasion == CREATED:
        return _now("It is new")
    field = fields_of(kind).get(occasion)
    return _now("Changed: %(field)s") % {"field": field.label if field else occasion}
