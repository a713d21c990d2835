"""Everything that changes people, organisations and teams."""

import hashlib
import secrets

from django.db import connection, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from mainstay.kernel.events.actions import Author, emit
from mainstay.kernel.people.models import Membership, Organisation, Person, Team
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
    organisation = Organisation(slug=slug, name=name, parent=parent, zone=zone)
    organisation.full_clean(exclude=["parent"])
    organisation.save(force_insert=True)
    rebuild_descent()
    emit("organisation.created", by=by, subject=f"organisation:{slug}")
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
def join_team(person: Person, team: Team, *, by: Author, leads: bool = False) -> None:
    """Make a person a member of a team, or change whether they lead it."""
    Membership.objects.update_or_create(person=person, team=team, defaults={"leads": leads})
    emit("team.joined", by=by, subject=f"team:{team.slug}", data={"person": person.pk, "leads": leads})


@transaction.atomic
def leave_team(person: Person, team: Team, *, by: Author) -> None:
    """End a membership."""
    Membership.objects.filter(person=person, team=team).delete()
    emit("team.left", by=by, subject=f"team:{team.slug}", data={"person": person.pk})


def slug_for(name: str, taken: type[Organisation] | type[Team]) -> str:
    """Return a free slug made from a name."""
    base = slugify(name)[:70] or "unnamed"
    slug, number = base, 2
    while taken._default_manager.filter(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    return slug


def digest(token: str) -> str:
    """Return what is stored of a secret token. Tokens are 256 random bits, so one round of SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_secret() -> str:
    """Return a new secret token of 256 random bits, fit for a URL."""
    return secrets.token_urlsafe(32)
