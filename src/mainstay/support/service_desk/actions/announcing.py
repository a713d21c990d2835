"""Writing announcements, changing and cancelling them."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.queries import governs, managed
from mainstay.kernel.events.actions import emit, plain
from mainstay.kernel.jobs.registry import defer
from mainstay.kernel.practice.errors import Invalid, NotPermitted, NotPossible, Stale
from mainstay.support.service_desk.models import Announcement
from mainstay.support.service_desk.queries.announcements import ANNOUNCE, may_change, subject_of

#: The fields that are columns, and those that are lists of rows.
COLUMNS = ("title", "body", "severity", "outage", "begins", "ends", "everybody", "public")
LISTS = ("organisations", "teams")
#: A change of these moves it: people are told again.
TIMES = ("begins", "ends")


@transaction.atomic
def announce(*, by: Actor, **values: Any) -> Announcement:
    """Write an announcement; those whom it concerns are told by a job, of an outage at once, else when it begins.

    Takes `title`, `body`, `severity`, `outage`, `begins`, `ends`, `everybody`, `public`, `organisations`, `teams`.
    Raises NotPermitted for whoever may announce nowhere, Invalid for refused values and those it may not go to.
    """
    if by.person is None or not by.holds(ANNOUNCE):
        raise NotPermitted(_("You may not announce anything."))
    row = Announcement(author=by.person)
    lists = _checked(row, values, by)
    row.save(force_insert=True)
    for name, rows in lists.items():
        getattr(row, name).set(rows)
    event = emit("announcement.created", by=by, subject=subject_of(row))
    Announcement.objects.filter(pk=row.pk).update(event_id=event.pk)
    defer("service_desk.tell", once=f"tell {row.pk}", announcement=row.pk)
    return row


@transaction.atomic
def change_announcement(row: Announcement, *, by: Actor, version: int, **values: Any) -> Announcement:
    """Change an announcement; what is left out stays. Where its time moves, all are told again; who is concerned anew
    is told, too.

    Raises NotPermitted for whoever may not change it, Stale when somebody else did since, NotPossible for a cancelled
    one, Invalid for refused values and those it may not go to.
    """
    row = _locked(row, by)
    if row.version != version:
        raise Stale(_("Somebody else has changed this since. Read it again, then try again."))
    before = _state(row)
    lists = _checked(row, {**{name: before[name] for name in COLUMNS}, **_lists(row), **values}, by)
    for name, rows in lists.items():
        getattr(row, name).set(rows)
    changed = {name: (before[name], value) for name, value in _state(row).items() if before[name] != value}
    if not changed:
        return row
    moved = bool(set(TIMES) & set(changed))
    row.version += 1
    row.round += moved and row.tellings.exists()
    row.told_round = min(row.told_round, row.round - 1)
    row.save(update_fields=[*COLUMNS, "version", "round", "told_round"])
    changes = {name: [plain(value) for value in values] for name, values in changed.items() if name != "body"}
    event = emit(f"announcement.{'moved' if moved else 'edited'}", by=by, subject=subject_of(row), changes=changes)
    if moved:
        Announcement.objects.filter(pk=row.pk).update(event_id=event.pk)
    defer("service_desk.tell", once=f"tell {row.pk}", announcement=row.pk)
    return row


@transaction.atomic
def cancel_announcement(row: Announcement, *, by: Actor, reason: str = "") -> None:
    """Cancel an announcement that is not over; those who had heard of it are told. Cancelling twice is cancelling once.

    Raises NotPermitted for whoever may not change it, NotPossible for what is over.
    """
    if row.cancelled is not None and may_change(by, row):
        return
    row = _locked(row, by)
    if row.ends <= timezone.now():
        raise NotPossible(_("It is over already."))
    row.cancelled, row.reason = timezone.now(), reason.replace("\x00", "").strip()[:500]
    row.round, row.version = row.round + 1, row.version + 1
    event = emit("announcement.cancelled", by=by, subject=subject_of(row), reason=row.reason)
    row.event_id = event.pk
    row.save(update_fields=["cancelled", "reason", "round", "version", "event_id"])
    defer("service_desk.tell", once=f"tell {row.pk}", announcement=row.pk)


def _locked(row: Announcement, by: Actor) -> Announcement:
    if not may_change(by, row):
        raise NotPermitted(_("You may see this, but you do not have the right to change it."))
    locked = Announcement.objects.select_for_update().get(pk=row.pk)
    if locked.cancelled is not None:
        raise NotPossible(_("It was cancelled: announce it anew."))
    return locked


def _state(row: Announcement) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in COLUMNS},
        **{name: _ids(rows) for name, rows in _lists(row).items()},
    }


def _lists(row: Announcement) -> dict[str, list[Any]]:
    return {name: list(getattr(row, name).all()) for name in LISTS}


def _ids(rows: list[Any]) -> list[int]:
    return sorted(each.pk for each in rows)


def _checked(row: Announcement, values: Mapping[str, Any], by: Actor) -> dict[str, list[Any]]:
    """Set what is given on the row, return the lists that go with it; raise Invalid for what is refused."""
    for name in COLUMNS:
        if name in values:
            value = values[name]
            setattr(row, name, value.replace("\x00", "").strip() if isinstance(value, str) else value)
    lists = {name: list(values.get(name) or []) for name in LISTS}
    errors: dict[str, str] = {}
    if not row.title:
        errors["title"] = _("Say in a few words what it is about.")
    if row.begins is None or row.ends is None or row.ends <= row.begins:
        errors["ends"] = _("Choose an end after the beginning.")
    elif row.ends <= timezone.now():
        errors["ends"] = _("Choose a time that is still to come.")
    errors |= _not_to_be_reached(row, lists, by)
    if errors:
        raise Invalid(errors)
    try:
        row.full_clean(exclude=["author"])
    except ValidationError as refused:
        raise Invalid({name: " ".join(words) for name, words in refused.message_dict.items()}) from refused
    return lists


def _not_to_be_reached(row: Announcement, lists: Mapping[str, list[Any]], by: Actor) -> dict[str, str]:
    """Return what is wrong with whom it goes to: nobody at all, or those for whom `by` may not announce."""
    words = _("There is nothing of this name to choose here.")
    errors: dict[str, str] = {}
    here = set(managed(by, ANNOUNCE).values_list("pk", flat=True))
    if row.everybody and not governs(by, ANNOUNCE):
        errors["everybody"] = _("Only who may announce in a top organisation may announce to everybody.")
    if row.public and not row.everybody:
        errors["public"] = _("Only what is for everybody can stand on the page to sign in.")
    if not row.everybody and not any(lists.values()):
        errors["organisations"] = _("Say whom it concerns.")
    if any(each.pk not in here for each in lists["organisations"]):
        errors["organisations"] = words
    if any(each.organisation_id not in here for each in lists["teams"]):
        errors["teams"] = words
    return errors
