"""Keeping lists under a name: for oneself, for a team, for everyone."""

from django.db import transaction
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.people.models import Team
from mainstay.kernel.practice.errors import Invalid, NotPermitted
from mainstay.kernel.records.models import SavedView

LONGEST_NAME, LONGEST_QUERY, MOST = 100, 2000, 100


@transaction.atomic
def save_view(
    *, by: Actor, kind: str, name: str, query: str, team: Team | None = None, everyone: bool = False
) -> SavedView:
    """Keep a list's address under a name: the actor's own, a team's of the actor, or everyone's.

    A view of the same name and owner is replaced. Everyone's views need `{kind}.configure`. Raises Invalid for an
    empty or overlong name, and NotPermitted for another team.
    """
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid({"name": _("Give it a name of at most %(number)d characters.") % {"number": LONGEST_NAME}})
    if len(query) > LONGEST_QUERY:
        raise Invalid({"name": _("This list has too many filters to be kept.")})
    _require(by, kind, team, everyone)
    person = None if team or everyone else by.person
    if SavedView.objects.filter(kind=kind, person=person, team=team).exclude(name=name).count() >= MOST:
        raise Invalid({"name": _("There are %(number)d views already: remove one first.") % {"number": MOST}})
    view, _new = SavedView.objects.update_or_create(
        kind=kind, name=name, person=person, team=team, defaults={"query": query}
    )
    return view


@transaction.atomic
def remove_view(view: SavedView, *, by: Actor) -> None:
    """Forget a view. Needs the same right as saving it."""
    if view.person_id is None or view.person_id != by.person_id:
        _require(by, view.kind, view.team, view.person_id is None and view.team_id is None)
    view.delete()


def _require(by: Actor, kind: str, team: Team | None, everyone: bool) -> None:
    if by.person is None:
        raise NotPermitted(_("Sign in first."))
    if everyone and not by.holds(f"{kind}.configure"):
        raise NotPermitted(_("Only those who configure this may keep a view for everyone."))
    if team is not None and team.pk not in by.standing.team_ids:
        raise NotPermitted(_("Only members of a team may keep its views."))


__all__ = ["remove_view", "save_view"]
