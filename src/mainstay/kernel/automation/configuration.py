"""Rules and skills as configuration rows."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.kernel.automation.actions.writing import save_rule, save_skill
from mainstay.kernel.automation.engine.planning import CREATED
from mainstay.kernel.automation.models import Rule, Skill
from mainstay.kernel.automation.registry import actions_of, occasions_of
from mainstay.kernel.automation.wording import occasion_in_words
from mainstay.kernel.events.actions import Author
from mainstay.kernel.people.configuration import RETIRED
from mainstay.kernel.practice.configuration import ConfigurationKind, Field, Options, Row, register
from mainstay.kernel.records.configuration import category_options

#: What a rule has beside its actions.
OWN = ("name", "position", "occasions", "condition", "stops", "retired")


def rules_of(kind: str, capability: str, label: Any, singular: Any) -> ConfigurationKind:
    """Return the rules about records of a kind as configuration rows; its fields and actions are registered before."""

    def rows() -> dict[str, Row]:
        return {row.slug: _row(kind, row) for row in Rule.objects.filter(kind=kind)}

    def write(*, by: Author, key: str, values: Row) -> None:
        save_rule(by=by, kind=kind, slug=key, **parted(values))

    def occasions() -> Options:
        return [(name, occasion_in_words(kind, name)) for name in occasions_of(kind)]

    return ConfigurationKind(
        name=f"{kind}-rules",
        label=label,
        singular=singular,
        icon="git-branch",
        capability=capability,
        subject=f"{kind}_rule",
        tried=True,
        help=_("What happens by itself when something comes in or changes: who gets it, how urgent it is, who hears."),
        fields=(
            Field("name", "text", _("Name"), _("The history gives it as the reason."), required=True, column=True),
            Field("position", "number", _("Position"), _("Lower numbers are asked first."), column=True),
            Field("occasions", "choices", _("Asked when"), options=occasions, default=[CREATED], column=True),
            Field(
                "condition",
                "long_text",
                _("Condition"),
                _(
                    'Such as "hardware" in categories && team == "". Empty: always. The handbook lists all fields. '
                    "Where it holds, what you choose below is done."
                ),
                longest=2000,
                column=True,
            ),
            *(action.field for action in actions_of(kind).values()),
            Field("stops", "yes_no", _("No further rule"), _("Where this one fits, those after it are not asked.")),
            RETIRED,
        ),
        read=rows,
        write=write,
        find=lambda key: Rule.objects.filter(kind=kind, slug=key).first(),
    )


def _row(kind: str, row: Rule) -> Row:
    return {
        "name": row.name,
        "position": row.position,
        "occasions": sorted(row.occasions),
        "condition": row.condition,
        **{name: row.does.get(name) for name in actions_of(kind)},
        "stops": row.stops,
        "retired": row.retired is not None,
    }


def parted(values: Row) -> dict[str, Any]:
    """Return the values of a rule's row with its actions apart from the rest, those alone that it does."""
    does = {name: value for name, value in values.items() if name not in OWN and value is not None}
    return {**{name: values[name] for name in OWN if name in values}, "does": does}


def _skills() -> dict[str, Row]:
    return {
        row.slug: {"name": row.name, "categories": sorted(row.categories), "retired": row.retired is not None}
        for row in Skill.objects.all()
    }


def _write_skill(*, by: Author, key: str, values: Row) -> None:
    save_skill(by=by, slug=key, **values)


register(
    ConfigurationKind(
        name="skills",
        label=_("Skills"),
        singular=_("Skill"),
        icon="bulb",
        capability="configuration.manage",
        subject="skill",
        help=_("What people know, and the categories that need it: rules can choose who knows most."),
        related=((_("People"), "administration:skill-holders", "users"),),
        fields=(
            Field("name", "text", _("Name"), required=True, column=True, longest=100),
            Field(
                "categories",
                "choices",
                _("Needed for"),
                _("And all below them."),
                options=category_options,
                column=True,
            ),
            RETIRED,
        ),
        read=_skills,
        write=_write_skill,
        find=lambda key: Skill.objects.filter(slug=key).first(),
    )
)
