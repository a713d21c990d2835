"""Changing the desks, and what is promised."""

from django.db import transaction

from mainstay.kernel.calendars.models import Calendar
from mainstay.kernel.events.actions import Author, retirement, write_row
from mainstay.kernel.people.models import Organisation, Team
from mainstay.support.service_desk.models import Desk, LinkPolicy, UpdatePromise


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


@transaction.atomic
def save_update_promise(
    *, by: Author, slug: str, name: str, priority: int, minutes: int, calendar: Calendar | None, retired: bool
) -> UpdatePromise:
    """Make a rule of what is promised, or change the one with this slug. It holds from the next message on.

    Raises Invalid for refused values, as for a second rule of one priority.
    """
    rule = UpdatePromise.objects.select_for_update().filter(slug=slug).first() or UpdatePromise(slug=slug)
    values = {"name": name, "priority": priority, "minutes": minutes, "calendar": calendar}
    write_row(rule, {**values, "retired": retirement(rule, retired)}, by=by, subject=f"update_promise:{slug}")
    return rule


@transaction.atomic
def save_link_policy(
    *, by: Author, slug: str, name: str, resolving: str, closing: str, commenting: str, blocks: bool
) -> LinkPolicy:
    """Change what follows on links of a kind. It holds from the next deed on. Raises Invalid for refused values."""
    policy = LinkPolicy.objects.select_for_update().get(slug=slug)
    values = {"name": name, "resolving": resolving, "closing": closing, "commenting": commenting, "blocks": blocks}
    write_row(policy, values, by=by, subject=f"link_policy:{slug}")
    return policy
