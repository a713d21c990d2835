"""Changing rules, and who knows what."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.automation.engine.conditions import checked
from mainstay.kernel.automation.engine.language import BadCondition
from mainstay.kernel.automation.models import Rule, Skill, Skilled
from mainstay.kernel.automation.queries.books import attribute_types, types_of
from mainstay.kernel.automation.queries.facts import sample
from mainstay.kernel.automation.registry import actions_of, occasions_of
from mainstay.kernel.automation.wording import problem_in_words
from mainstay.kernel.events.actions import Author, emit, retirement, write_row
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.errors import Invalid

#: Rules in use of one kind: asking all of them takes some milliseconds.
MOST = 10_000


@transaction.atomic
def save_rule(
    *,
    by: Author,
    kind: str,
    slug: str,
    name: str,
    occasions: Sequence[str],
    does: Mapping[str, Any],
    position: int = 0,
    condition: str = "",
    stops: bool = False,
    retired: bool = False,
) -> Rule:
    """Make a rule about records of a kind, or change the one with this slug. It holds from the next record on.

    Raises Invalid for a condition that is none or goes beyond the limits, and for a rule that would never do anything.
    """
    condition = condition.strip()
    check_rule(kind, {"condition": condition, "occasions": occasions, "does": does}, retired=retired)
    rows = Rule.objects.select_for_update()
    rule = rows.filter(kind=kind, slug=slug).first() or Rule(kind=kind, slug=slug)
    values = {
        "name": name,
        "position": position,
        "occasions": list(occasions),
        "condition": condition,
        "does": dict(does),
        "stops": stops,
        "retired": retirement(rule, retired),
    }
    if rule.pk is None and Rule.objects.filter(kind=kind, retired=None).count() >= MOST:
        raise Invalid({"name": _("There are %(number)d rules already; retire one first.") % {"number": MOST}})
    write_row(rule, values, by=by, subject=f"{kind}_rule:{slug}", parted=("does",))
    return rule


def check_rule(kind: str, values: Mapping[str, Any], *, retired: bool = False) -> None:
    """Raise Invalid unless a rule can be asked and does something; one that is retired may ask for what is gone."""
    errors: dict[str, str] = {}
    if unknown := sorted(set(values["occasions"]) - set(occasions_of(kind))):
        errors["occasions"] = _("Not to be chosen here: %(names)s.") % {"names": ", ".join(unknown)}
    if not values["occasions"]:
        errors["occasions"] = _("Choose when it is asked.")
    if unknown := sorted(set(values["does"]) - set(actions_of(kind))):
        errors[unknown[0]] = _("There is no such action.")
    if not values["does"] and not values.get("stops"):
        errors[""] = _("Choose at least one thing that it does.")
    if "hours" in values["does"] and "assignee" not in values["does"]:
        errors["hours"] = _("This goes with the choice of a person.")
    if values["condition"] and not retired:
        attributes = attribute_types(kind)
        try:
            checked(values["condition"], types_of(kind), attributes, sample(kind, attributes))
        except BadCondition as problem:
            errors["condition"] = problem_in_words(problem)
    if errors:
        raise Invalid(errors)


@transaction.atomic
def save_skill(*, by: Author, slug: str, name: str, categories: Sequence[str] = (), retired: bool = False) -> Skill:
    """Make a skill, or change the one with this slug: what it is called, and which categories need it."""
    skill = Skill.objects.select_for_update().filter(slug=slug).first() or Skill(slug=slug)
    values = {"name": name, "categories": sorted(categories), "retired": retirement(skill, retired)}
    write_row(skill, values, by=by, subject=f"skill:{slug}")
    return skill


@transaction.atomic
def learn(person: Person, skill: Skill, *, by: Actor) -> None:
    """Say that a person has a skill. Saying it twice is saying it once."""
    if Skilled.objects.get_or_create(skill=skill, person=person)[1]:
        emit("skill.joined", by=by, subject=f"skill:{skill.slug}", data={"person": person.pk})


@transaction.atomic
def unlearn(person: Person, skill: Skill, *, by: Actor) -> None:
    """Say that a person no longer has a skill."""
    if Skilled.objects.filter(skill=skill, person=person).delete()[0]:
        emit("skill.left", by=by, subject=f"skill:{skill.slug}", data={"person": person.pk})
