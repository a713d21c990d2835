"""Everything that changes people, organisations and teams."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from mainstay.kernel.events.actions import Author, emit, emit_for_each, retirement, write_row
from mainstay.kernel.people.models import Absence, Membership, Organisation, Person, Team
from mainstay.kernel.people.queries import colleagues_of
from mainstay.kernel.practice.errors import Invalid, NotPossible

REBUILD_DESCENT = """
WITH RECURSIVE path AS (
    SELECT id AS ancestor_id, id AS descendant_id FROM people_organisation
    UNION
    SELECT path.ancestor_id, child.id FROM path JOIN people_organisation child ON child.parent_id = path.descendant_id
)
INSERT INTO people_organisationdescent (ancestor_id, descendant_id)
SELECT ancestor_id, descendant_id FROM path ON CONFLICT DO NOTHING
"""


@transaction.atomic
def create_organisation(
    *, by: Author, slug: str, name: str, parent: Organisation | None = None, zone: str = "UTC"
) -> Organisation:
    """Add an organisation below `parent`, or at the top. Raises Invalid for a slug that is taken."""
    if Organisation.objects.filter(slug=slug).exists():
        raise Invalid({"slug": _("This short name is taken.")})
    organisation = Organisation(slug=slug)
    write_row(organisation, {"name": name, "parent": parent, "zone": zone}, by=by, subject=f"organisation:{slug}")
    rebuild_descent()
    return organisation


@transaction.atomic
def move_organisation(organisation: Organisation, *, by: Author, parent: Organisation | None) -> None:
    """Hang an organisation, with all below it, under another. Raises NotPossible when that would make a circle."""
    if parent is not None and organisation.descents.filter(descendant=parent).exists():
        raise NotPossible(_("%(name)s stands below it.") % {"name": parent.name})
    before = organisation.parent_id
    Organisation.objects.filter(pk=organisation.pk).update(parent=parent)
    organisation.parent = parent
    rebuild_descent()
    emit(
        "organisation.edited",
        by=by,
        subject=f"organisation:{organisation.slug}",
        changes={"parent": [before, parent.pk if parent else None]},
    )


@transaction.atomic
def save_organisation(
    *, by: Author, slug: str, name: str, parent: Organisation | None, zone: str = "UTC", retired: bool = False
) -> Organisation:
    """Make an organisation, or change the one with this slug: its name, zone, place in the tree, retirement.

    Raises Invalid for refused values, NotPossible for a circle or while people or teams still belong to it.
    """
    found = Organisation.objects.select_for_update().filter(slug=slug).first()
    organisation = found or create_organisation(by=by, slug=slug, name=name, parent=parent, zone=zone)
    if organisation.parent != parent:
        move_organisation(organisation, by=by, parent=parent)
    if retired and organisation.retired is None:
        _check_empty(organisation)
    values = {"name": name, "zone": zone, "retired": retirement(organisation, retired)}
    write_row(organisation, values, by=by, subject=f"organisation:{slug}")
    return organisation


def _check_empty(organisation: Organisation) -> None:
    """Refuse to retire an organisation that somebody still works in."""
    people = organisation.people.filter(is_active=True).count()
    parts = organisation.children.filter(retired=None).count() + organisation.teams.filter(retired=None).count()
    if people or parts:
        numbers = {"people": people, "parts": parts}
        raise NotPossible(
            _("Still in use by %(people)d active people and %(parts)d teams or organisations: move them first.")
            % numbers
        )


def rebuild_descent() -> None:
    """Write the closure of the organisations' tree anew; cheap, for the tree is small and seldom changes."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM people_organisationdescent")
        cursor.execute(REBUILD_DESCENT)


@transaction.atomic
def create_person(
    *,
    by: Author,
    name: str,
    organisation: Organisation,
    email: str | None = None,
    password: str | None = None,
    phone: str = "",
    language: str = "en",
    zone: str = "",
    active: bool = True,
) -> Person:
    """Add a person. Without a password they cannot sign in by password. Raises Invalid for refused values."""
    email = email.strip().lower() if email else None
    if not name.strip():
        raise Invalid({"name": _("Give a name.")})
    if email and Person.objects.filter(email__iexact=email).exists():
        raise Invalid({"email": _("Somebody has this address already.")})
    person = Person(
        name=name.strip(),
        email=email,
        organisation=organisation,
        phone=phone,
        language=language,
        zone=zone or organisation.zone,
        is_active=active,
    )
    person.set_password(password)
    person.save(force_insert=True)
    emit("person.created", by=by, subject=f"person:{person.uuid}")
    return person


#: What may be edited of a person; whether they are active changes by its own actions, with a reason.
EDITABLE = ("name", "email", "phone", "organisation", "language", "zone")
#: Contact data: events say that it changed, never what it was.
CONTACT_DATA = ("name", "email", "phone")


@transaction.atomic
def provide_people(names: Iterable[str], *, by: Author, organisation: Organisation) -> dict[str, int]:
    """Return the ids of people whom an organisation knows by name only, with those made that are missing.

    They have no address and are not active: people of a log that was brought in, who cannot sign in here.
    """
    wanted = set(names)
    known = Person.objects.filter(organisation=organisation, email=None, is_active=False, name__in=wanted)
    found = dict(known.values_list("name", "pk"))
    missing = [
        Person(
            name=name, organisation=organisation, zone=organisation.zone, is_active=False, password=make_password(None)
        )
        for name in sorted(wanted - found.keys())
    ]
    Person.objects.bulk_create(missing, 1000)
    emit_for_each("person.created", by=by, subjects=[f"person:{person.uuid}" for person in missing])
    return found | {person.name: person.pk for person in missing}


@transaction.atomic
def edit_person(person: Person, *, by: Author, values: Mapping[str, Any]) -> bool:
    """Set editable fields of a person; return whether anything changed. Raises Invalid for refused values."""
    if unknown := sorted(set(values) - set(EDITABLE)):
        raise Invalid({name: _("This field cannot be edited.") for name in unknown})
    person = Person.objects.select_for_update().get(pk=person.pk)
    checked = dict(values)
    if "email" in values:
        checked["email"] = (values["email"] or "").strip().lower() or None
        if checked["email"] and Person.objects.exclude(pk=person.pk).filter(email__iexact=checked["email"]).exists():
            raise Invalid({"email": _("Somebody has this address already.")})
    return write_row(person, checked, by=by, subject=f"person:{person.uuid}", unnamed=CONTACT_DATA)


@transaction.atomic
def deactivate(person: Person, *, by: Author, reason: str) -> None:
    """End a person's access; what they did stays. Those who hold sessions and tokens react to the event."""
    if not reason.strip():
        raise Invalid({"reason": _("Give a reason.")})
    Person.objects.filter(pk=person.pk).update(is_active=False)
    person.is_active = False
    emit(
        "person.deactivated",
        by=by,
        subject=f"person:{person.uuid}",
        changes={"is_active": [True, False]},
        reason=reason.strip(),
    )


@transaction.atomic
def reactivate(person: Person, *, by: Author, reason: str) -> None:
    """Give a deactivated person access again."""
    if not reason.strip():
        raise Invalid({"reason": _("Give a reason.")})
    Person.objects.filter(pk=person.pk).update(is_active=True)
    person.is_active = True
    emit(
        "person.reactivated",
        by=by,
        subject=f"person:{person.uuid}",
        changes={"is_active": [False, True]},
        reason=reason.strip(),
    )


@transaction.atomic
def create_team(*, by: Author, slug: str, name: str, organisation: Organisation) -> Team:
    """Add a team. Raises Invalid for a slug that is taken."""
    if Team.objects.filter(slug=slug).exists():
        raise Invalid({"slug": _("This short name is taken.")})
    team = Team.objects.create(slug=slug, name=name, organisation=organisation)
    emit("team.created", by=by, subject=f"team:{slug}")
    return team


@transaction.atomic
def save_team(*, by: Author, slug: str, name: str, organisation: Organisation, retired: bool = False) -> Team:
    """Make a team, or change the one with this slug. A retired team is given no work and hands out no rights."""
    team = Team.objects.select_for_update().filter(slug=slug).first() or Team(slug=slug)
    values = {"name": name, "organisation": organisation, "retired": retirement(team, retired)}
    write_row(team, values, by=by, subject=f"team:{slug}")
    return team


@transaction.atomic
def join_team(person: Person, team: Team, *, by: Author, leads: bool = False) -> None:
    """Make a person a member of a team, or change whether they lead it."""
    Membership.objects.update_or_create(person=person, team=team, defaults={"leads": leads})
    emit("team.joined", by=by, subject=f"team:{team.slug}", data={"person": person.pk, "leads": leads})


@transaction.atomic
def leave_team(person: Person, team: Team, *, by: Author) -> None:
    """End a membership."""
    Membership.objects.filter(person=person, team=team).delete()
    emit("team.left", by=by, subject=f"team:{team.slug}", data={"person": person.pk})


@transaction.atomic
def take_leave(
    person: Person, *, by: Author, begins: datetime, ends: datetime, substitute: Person | None = None
) -> Absence:
    """Let a person be away from `begins` to `ends` (UTC), with a colleague of their teams to stand in for them.

    Substitutes may be away themselves: then the one whom they named stands in. Raises Invalid for a time that is over
    or overlaps another, and for somebody who is no colleague.
    """
    if ends <= begins or ends <= timezone.now():
        raise Invalid({"ends": _("Choose an end that is still to come and after the beginning.")})
    if substitute is not None and not colleagues_of(person).filter(pk=substitute.pk).exists():
        raise Invalid({"substitute": _("Choose a colleague of one of your teams.")})
    Person.objects.select_for_update().get(pk=person.pk)
    if Absence.objects.filter(person=person, begins__lt=ends, ends__gt=begins).exists():
        raise Invalid({"begins": _("You are away at that time already: end that absence first.")})
    absence = Absence(person=person)
    values = {"begins": begins, "ends": ends, "substitute": substitute}
    write_row(absence, values, by=by, subject=f"absence:{absence.uuid}")
    return absence


@transaction.atomic
def end_leave(absence: Absence, *, by: Author) -> None:
    """Let somebody be back now; call off what has not begun. Raises NotPossible when it is over."""
    absence = Absence.objects.select_for_update().get(pk=absence.pk)
    now = timezone.now()
    if absence.ends <= now:
        raise NotPossible(_("This absence is over."))
    write_row(absence, {"ends": max(now, absence.begins)}, by=by, subject=f"absence:{absence.uuid}")


def slug_for(name: str, taken: type[Organisation] | type[Team]) -> str:
    """Return a free slug made from a name."""
    base = slugify(name)[:70] or "unnamed"
    slug, number = base, 2
    while taken._default_manager.filter(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    return slug
