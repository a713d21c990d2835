"""What an administrator may see: sections, rows, people, grants."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.models import Grant
from mainstay.kernel.access.queries import governs, managed
from mainstay.kernel.people.models import Person, Team
from mainstay.kernel.practice.configuration import ConfigurationKind, Row, kinds

PEOPLE, GRANTS, AUDIT, CONFIGURATION = "people.manage", "access.manage", "audit.read", "configuration.manage"


@dataclass(frozen=True)
class Section:
    """A part of administration, as the start page and the palette show it."""

    label: Any
    help: Any
    icon: str
    url: str


def sections(actor: Actor) -> list[Section]:
    """Return the parts of administration that `actor` may enter."""
    found = [
        Section(kind.label, kind.help, kind.icon, reverse(kind.page or f"administration:{kind.name}"))
        for kind in kinds().values()
        if may_enter(actor, kind)
    ]
    if actor.holds(PEOPLE):
        found.insert(0, Section(_("People"), _("Who asks for service, and who gives it."), "user", _url("people")))
    if governs(actor, CONFIGURATION):
        found.append(Section(_("Set-aside mail"), _("Mails that became nothing, and why."), "mail", _url("mails")))
    if actor.holds(CONFIGURATION):
        words = _("What was learnt of categories and teams, and how right it is.")
        found.append(Section(_("Suggestions"), words, "bulb", _url("suggestions")))
    if actor.holds(AUDIT):
        words = _("Who did what, when, through which door, and why.")
        found.append(Section(_("Audit trail"), words, "history", _url("audit")))
    return found


def _url(name: str) -> str:
    return reverse(f"administration:{name}")


def grantees(actor: Actor) -> tuple[QuerySet[Team], QuerySet[Person]]:
    """Return the teams and people whom `actor` may hand roles to.

    They belong to the organisations whose access the actor manages; only whoever manages the whole instance
    reaches further, to let a provider's team work for a customer.
    """
    teams, people = Team.objects.filter(retired=None), Person.objects.filter(is_active=True)
    if governs(actor, GRANTS):
        return teams, people
    organisations = managed(actor, GRANTS)
    return teams.filter(organisation__in=organisations), people.filter(organisation__in=organisations)


def may_enter(actor: Actor, kind: ConfigurationKind) -> bool:
    """Return whether `actor` may change rows of `kind`: what concerns everybody takes the right at the top.

    Grants are handed out within an organisation, so a part of the tree is enough for them.
    """
    if not actor.holds(kind.capability):
        return False
    return kind.owner is not None or kind.name == "grants" or governs(actor, kind.capability)


def rows_of(actor: Actor, kind: ConfigurationKind) -> dict[str, Row]:
    """Return the rows of `kind` that `actor` manages, by key: those of its organisations, or all."""
    if not may_enter(actor, kind):
        return {}
    rows = kind.read()
    if kind.owner is None:
        return rows
    slugs = set(managed(actor, kind.capability).values_list("slug", flat=True))
    return {key: row for key, row in rows.items() if kind.owner(key, row) in slugs}


def as_tree(kind: ConfigurationKind, rows: dict[str, Row]) -> list[tuple[int, str, Row]]:
    """Return rows with their depth, each below its parent; what is in use first, then by name."""
    tree = next((field.name for field in kind.fields if field.tree), None)
    first = kind.fields[0].name
    ordered = sorted(rows.items(), key=lambda entry: _order(kind, first, entry))
    if tree is None:
        return [(0, key, row) for key, row in ordered]

    def below(parent: str | None, depth: int) -> list[tuple[int, str, Row]]:
        return [
            line
            for key, row in ordered
            if (row[tree] if row[tree] in rows else None) == parent
            for line in [(depth, key, row), *below(key, depth + 1)]
        ]

    return below(None, 0)


def _order(kind: ConfigurationKind, first: str, entry: tuple[str, Row]) -> tuple[Any, ...]:
    key, row = entry
    if kind.fixed:
        return ()
    return bool(row.get("retired")), row.get("position", 0), str(row[first]).casefold(), key


def people(actor: Actor, text: str = "") -> QuerySet[Person]:
    """Return the people whom `actor` manages, whose name or address contains `text`."""
    found = Person.objects.filter(organisation__in=managed(actor, PEOPLE)).select_related("organisation")
    for word in text.split()[:5]:
        found = found.filter(Q(name__icontains=word) | Q(email__icontains=word))
    return found.order_by("name", "id")


def grants(actor: Actor, text: str = "") -> QuerySet[Grant]:
    """Return the grants in the organisations whose access `actor` manages, whose role or holder contains `text`."""
    found = Grant.objects.filter(organisation__in=managed(actor, GRANTS))
    found = found.select_related("role", "organisation", "person", "team")
    for word in text.split()[:5]:
        found = found.filter(
            Q(person__name__icontains=word)
            | Q(person__email__icontains=word)
            | Q(team__name__icontains=word)
            | Q(role__name__icontains=word)
            | Q(organisation__name__icontains=word)
        )
    return found.order_by("role__name", "team__name", "person__name", "id")
