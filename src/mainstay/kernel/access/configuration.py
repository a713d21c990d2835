"""Roles, what teams are granted, and settings as configuration rows."""

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.kernel.access.actions import change_setting, save_role, set_team_grants
from mainstay.kernel.access.engine.decision import REACHES
from mainstay.kernel.access.models import Grant, Role
from mainstay.kernel.access.registry import capabilities
from mainstay.kernel.events.actions import Author
from mainstay.kernel.people.configuration import RETIRED
from mainstay.kernel.people.models import Organisation, Team
from mainstay.kernel.practice import settings
from mainstay.kernel.practice.configuration import ConfigurationKind, Field, Options, Row, register

REACH_LABELS = {"public": _("only what is public"), "own": _("only their own")}


def capability_options() -> Options:
    """Return every capability with each of its reaches; only what is about records has more than one."""
    return [
        (name if reach == "all" else f"{name}:{reach}", label if reach == "all" else REACH_LABELS[reach])
        for name, label in sorted(capabilities().items())
        for reach in REACHES
        if reach == "all" or not name.startswith(ABOUT_NO_RECORD)
    ]


ABOUT_NO_RECORD = ("people.", "access.", "configuration.", "operations.", "audit.")


def _roles() -> dict[str, Row]:
    return {
        row.slug: {"name": row.name, "capabilities": sorted(row.capabilities), "retired": row.retired is not None}
        for row in Role.objects.all()
    }


def _write_role(*, by: Author, key: str, values: Row) -> None:
    save_role(by=by, slug=key, **values)


def _grants() -> dict[str, Row]:
    given: dict[str, list[str]] = defaultdict(list)
    for role, organisation, team in Grant.objects.exclude(team=None).values_list(
        "role__slug", "organisation__slug", "team__slug"
    ):
        given[team].append(f"{role}@{organisation}")
    return {slug: {"roles": sorted(given[slug])} for slug in Team.objects.values_list("slug", flat=True)}


def _grant_options() -> Options:
    roles = Role.objects.values_list("slug", "name")
    organisations = list(Organisation.objects.values_list("slug", "name"))
    return [(f"{role}@{place}", f"{name}, {where}") for role, name in roles for place, where in organisations]


def _write_grants(*, by: Author, key: str, values: Row) -> None:
    roles, organisations = Role.objects.in_bulk(field_name="slug"), Organisation.objects.in_bulk(field_name="slug")
    pairs = (entry.partition("@")[::2] for entry in values["roles"])
    wanted = [(roles[role], organisations[place]) for role, place in pairs]
    set_team_grants(Team.objects.get(slug=key), by=by, wanted=wanted)


def _settings() -> dict[str, Row]:
    return {key: {"value": settings.value(key)} for key, one in sorted(settings.DECLARED.items()) if not one.secret}


def _write_setting(*, by: Author, key: str, values: dict[str, Any]) -> None:
    change_setting(by=by, key=key, value=values["value"])


register(
    ConfigurationKind(
        name="roles",
        label=_("Roles"),
        singular=_("Role"),
        icon="shield",
        capability="access.manage",
        subject="role",
        help=_("What people may do, composed of capabilities. A grant hands a role out in an organisation."),
        fields=(
            Field("name", "text", _("Name"), required=True, column=True),
            Field("capabilities", "choices", _("Capabilities"), options=capability_options),
            RETIRED,
        ),
        read=_roles,
        write=_write_role,
        find=lambda key: Role.objects.filter(slug=key).first(),
    )
)
register(
    ConfigurationKind(
        name="grants",
        label=_("Grants"),
        singular=_("Grant"),
        icon="key",
        capability="access.manage",
        subject="team",
        help=_("Who holds which role, in which organisation and all below it."),
        fields=(
            Field("roles", "choices", _("Roles"), _("role@organisation, such as agent@home"), options=_grant_options),
        ),
        read=_grants,
        write=_write_grants,
        fixed=True,
        page="administration:grants",
    )
)
register(
    ConfigurationKind(
        name="settings",
        label=_("Settings"),
        singular=_("Setting"),
        icon="settings",
        capability="configuration.manage",
        subject="setting",
        help=_("Figures and choices that the whole product follows."),
        fields=(Field("value", "value", _("Value")),),
        read=_settings,
        write=_write_setting,
        fixed=True,
        page="administration:settings",
    )
)
