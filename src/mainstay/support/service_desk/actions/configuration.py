"""Changing the desks."""

from django.db import transaction

from mainstay.kernel.events.actions import Author, retirement, write_row
from mainstay.kernel.people.models import Organisation, Team
from mainstay.support.service_desk.models import Desk


@transaction.atomic
def save_desk(
    *,
    by: Author,
    slug: str,
    name: str,
    team: Team,
    position: int = 0,
    organisation: Organisation | None = None,
    complaints: Team | None = None,
    retired: bool = False,
) -> Desk:
    """Make a desk, or change the one with this slug. It holds from the next contact on. Raises Invalid."""
    desk = Desk.objects.select_for_update().filter(slug=slug).first() or Desk(slug=slug)
    values = {
        "name": name,
        "team": team,
        "position": position,
        "organisation": organisation,
        "complaints": complaints,
        "retired": retirement(desk, retired),
    }
    write_row(desk, values, by=by, subject=f"desk:{slug}")
    return desk
