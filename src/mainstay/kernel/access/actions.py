"""Everything that changes who may do what."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.kernel.access.engine.decision import REACHES
from mainstay.kernel.access.models import Grant, Role, Token
from mainstay.kernel.access.registry import is_declared
from mainstay.kernel.events.actions import Author, emit, retirement, write_row
from mainstay.kernel.people.engine.secret import digest, new_secret
from mainstay.kernel.people.models import Organisation, Person, Team
from mainstay.kernel.practice import settings
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.practice.models import Setting

#: How a token begins, so that people and secret scanners recognise one.
TOKEN_PREFIX = "mst_"  # noqa: S105 - a mark, not a secret
LONGEST_TOKEN_LIFE = 366
DEFAULT_TOKEN_LIFE = 90


def check_capabilities(capabilities: Iterable[str]) -> list[str]:
    """Return the capabilities sorted, each once; raise Invalid if one of them, or its reach, is not known."""
    unknown = [
        name for name in capabilities if not is_declared(name) or name.partition(":")[2] not in ("", *REACHES[1:])
    ]
    if unknown:
        raise Invalid({"capabilities": _("Unknown: %(names)s.") % {"names": ", ".join(sorted(unknown))}})
    return sorted(set(capabilities))


@transaction.atomic
def save_role(*, by: Author, slug: str, name: str, capabilities: Iterable[str], retired: bool = False) -> Role:
    """Make a role, or change the one with this slug. Raises Invalid for unknown capabilities.

    A retired role gives nobody anything, at once.
    """
    role = Role.objects.select_for_update().filter(slug=slug).first() or Role(slug=slug)
    wanted = check_capabilities(capabilities)
    values = {"name": name, "capabilities": wanted, "retired": retirement(role, retired)}
    write_row(role, values, by=by, subject=f"role:{slug}")
    return role


@transaction.atomic
def give(
    role: Role,
    *,
    by: Author,
    organisation: Organisation,
    person: Person | None = None,
    team: Team | None = None,
) -> Grant:
    """Grant a role to a person or a team, in an organisation and all below it. Granting twice is granting once."""
    if (person is None) == (team is None):
        raise Invalid({"person": _("Choose a person or a team.")})
    grant, is_new = Grant.objects.get_or_create(role=role, organisation=organisation, person=person, team=team)
    if is_new:
        emit("grant.given", by=by, subject=f"role:{role.slug}", data=_terms(grant))
    return grant


@transaction.atomic
def take(grant: Grant, *, by: Author, reason: str) -> None:
    """Take a grant away, at once for every session and token."""
    if not reason.strip():
        raise Invalid({"reason": _("Give a reason.")})
    Grant.objects.filter(pk=grant.pk).delete()
    emit("grant.taken", by=by, subject=f"role:{grant.role.slug}", data=_terms(grant), reason=reason.strip())


def _terms(grant: Grant) -> dict[str, int | None]:
    return {"person": grant.person_id, "team": grant.team_id, "organisation": grant.organisation_id}


@transaction.atomic
def set_team_grants(team: Team, *, by: Author, wanted: Iterable[tuple[Role, Organisation]]) -> None:
    """Give a team exactly these roles, each in an organisation; what it has beyond them is taken away."""
    pairs = {(role.pk, organisation.pk): (role, organisation) for role, organisation in wanted}
    for grant in Grant.objects.filter(team=team).select_related("role"):
        if (grant.role_id, grant.organisation_id) not in pairs:
            take(grant, by=by, reason=_("The configuration no longer names it."))
    for role, organisation in pairs.values():
        give(role, by=by, organisation=organisation, team=team)


@transaction.atomic
def change_setting(*, by: Author, key: str, value: Any) -> None:
    """Set a setting; its default value makes it follow the default again. Raises Invalid for a refused value.

    Secrets given for what is changed here (`cleared_by`) are forgotten with it.
    """
    declaration = settings.DECLARED.get(key)
    if declaration is None:
        raise Invalid({key: _("There is no such setting.")})
    settings.check(declaration, value)
    before = settings.value(key)
    if value == before:
        return
    if value == declaration.default:
        Setting.objects.filter(pk=key).delete()
    else:
        Setting.objects.update_or_create(key=key, defaults={"value": settings.stored(declaration, value)})
    Setting.objects.filter(pk__in=settings.cleared_with(key)).delete()
    changes = {"value": None if declaration.secret else [before, value]}
    emit("setting.changed", by=by, subject=f"setting:{key}", changes=changes)


@transaction.atomic
def create_token(
    person: Person,
    *,
    by: Author,
    name: str,
    days: int = DEFAULT_TOKEN_LIFE,
    scopes: Iterable[str] | None = None,
) -> tuple[Token, str]:
    """Make an API token for `person`, valid for `days`; return it with its text, which is shown this once.

    `scopes` (capabilities without a reach) narrow it; None means everything the person may do.
    """
    if not name.strip() or len(name) > 100:
        raise Invalid({"name": _("Give it a name, so that you know later what it is for.")})
    if not 1 <= days <= LONGEST_TOKEN_LIFE:
        raise Invalid({"days": _("A token lives from 1 to %(days)d days.") % {"days": LONGEST_TOKEN_LIFE}})
    text = TOKEN_PREFIX + new_secret()
    token = Token.objects.create(
        person=person,
        name=name.strip(),
        digest=digest(text),
        scopes=None if scopes is None else check_capabilities(scopes),
        expires=timezone.now() + timedelta(days=days),
    )
    emit("token.created", by=by, subject=f"person:{person.uuid}", data={"token": str(token.uuid)})
    return token, text


@transaction.atomic
def revoke_token(token: Token, *, by: Author) -> None:
    """End a token at once."""
    if Token.objects.filter(pk=token.pk, revoked=None).update(revoked=timezone.now()):
        emit("token.revoked", by=by, subject=f"person:{token.person.uuid}", data={"token": str(token.uuid)})
