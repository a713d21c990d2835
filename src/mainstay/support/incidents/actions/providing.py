"""The rows that a foreign log needs before its histories can be written. Providing twice is providing once."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.text import slugify

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.people.actions import create_team, slug_for
from mainstay.kernel.people.models import Organisation, Team
from mainstay.kernel.records.actions.configuration import save_category
from mainstay.kernel.records.models import Category
from mainstay.support.incidents.actions.configuration import save_hold_reason
from mainstay.support.incidents.models import HoldReason


@transaction.atomic
def provide_teams(names: Iterable[str], *, by: Actor, organisation: Organisation) -> dict[str, int]:
    """Return the ids of an organisation's teams by name, with those made that are missing."""
    known = dict(Team.objects.filter(organisation=organisation).values_list("name", "pk"))
    for name in sorted(set(names) - known.keys()):
        known[name] = create_team(by=by, slug=slug_for(name, Team), name=name, organisation=organisation).pk
    return known


@transaction.atomic
def provide_category(name: str, *, by: Actor, below: str = "") -> int:
    """Return the id of a category of the past, if wanted below another: it is shown, but not to be chosen."""
    slug = slugify(f"{below} {name}")[:80]
    found = Category.objects.filter(slug=slug).first()
    if found is None:
        parent = Category.objects.get(pk=provide_category(below, by=by)) if below else None
        found = save_category(by=by, slug=slug, name=name, parent=parent, opens=False, closes=False)
    return found.pk


@transaction.atomic
def provide_hold_reason(slug: str, name: str, *, by: Actor) -> int:
    """Return the id of a reason for a hold, made last in the list if it is missing."""
    found = HoldReason.objects.filter(slug=slug).first()
    if found is None:
        found = save_hold_reason(by=by, slug=slug, name=name, position=HoldReason.objects.count())
    return found.pk
