"""Changing what incidents are configured by: the matrix and the reasons for a hold."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from mainstay.kernel.events.actions import Author, emit, retirement, write_row
from mainstay.kernel.practice.errors import Invalid
from mainstay.support.incidents.models import HoldReason, Level, Priority, PriorityRule

Cell = tuple[int, int]


@transaction.atomic
def set_matrix(*, by: Author, priorities: Mapping[Cell, int]) -> None:
    """Set cells of the matrix, keyed by (impact, urgency). Open incidents keep the priority they have.

    Raises Invalid for a level or priority that does not exist.
    """
    changes = {}
    for (impact, urgency), priority in sorted(priorities.items()):
        if impact not in Level.values or urgency not in Level.values or priority not in Priority.values:
            raise Invalid({f"{impact}x{urgency}": _("Priorities go from 1 to 5, impact and urgency from 1 to 3.")})
        rule = PriorityRule.objects.select_for_update().get(impact=impact, urgency=urgency)
        if rule.priority != priority:
            changes[f"{impact}x{urgency}"] = [rule.priority, priority]
            rule.priority = priority
            rule.save(update_fields=["priority"])
    if changes:
        emit("matrix.edited", by=by, subject="matrix:incident", changes=changes)


@transaction.atomic
def save_hold_reason(
    *,
    by: Author,
    slug: str,
    name: str,
    requester_label: str = "",
    reminder_days: int = 0,
    reminders: int = 2,
    solution: str = "",
    position: int = 0,
    retired: bool = False,
) -> HoldReason:
    """Make a reason for a hold, or change the one with this slug. Incidents held for a retired one stay so.

    What `reminder_days`, `reminders` and `solution` become holds for incidents on hold already, too. Raises Invalid
    for a solution where nobody is reminded first.
    """
    if solution and not reminder_days:
        raise Invalid({"reminder_days": _("Nothing is resolved without a reminder: say after how many days.")})
    reason = HoldReason.objects.select_for_update().filter(slug=slug).first() or HoldReason(slug=slug)
    values = {
        "name": name,
        "requester_label": requester_label,
        "reminder_days": reminder_days,
        "reminders": reminders,
        "solution": solution,
        "position": position,
        "retired": retirement(reason, retired),
    }
    write_row(reason, values, by=by, subject=f"hold_reason:{slug}")
    return reason
