"""Organisations and teams as configuration rows."""

from django.utils.translation import gettext_lazy as _

from mainstay.kernel.events.actions import Author
from mainstay.kernel.people.actions import save_organisation, save_team
from mainstay.kernel.people.models import Organisation, Team
from mainstay.kernel.practice.configuration import ConfigurationKind, Field, Options, Row, register
from mainstay.kernel.practice.zones import zone_names


def organisation_options() -> Options:
    """Return the organisations in use, by slug."""
    return list(Organisation.objects.filter(retired=None).values_list("slug", "name"))


def _zones() -> Options:
    return [(name, name) for name in zone_names()]


def _organisations() -> dict[str, Row]:
    return {
        row.slug: {
            "name": row.name,
            "parent": row.parent.slug if row.parent else None,
            "zone": row.zone,
            "retired": row.retired is not None,
        }
        for row in Organisation.objects.select_related("parent")
    }


def _write_organisation(*, by: Author, key: str, values: Row) -> None:
    parent = Organisation.objects.filter(slug=values["parent"]).first()
    save_organisation(by=by, slug=key, **{**values, "parent": parent})


def _teams() -> dict[str, Row]:
    return {
        row.slug: {"name": row.name, "organisation": row.organisation.slug, "retired": row.retired is not None}
        for row in Team.objects.select_related("organisation")
    }


def _write_team(*, by: Author, key: str, values: Row) -> None:
    organisation = Organisation.objects.get(slug=values["organisation"])
    save_team(by=by, slug=key, **{**values, "organisation": organisation})


RETIRED = Field("retired", "yes_no", _("Retired"), _("Kept for what used it, no longer to be chosen."))

register(
    ConfigurationKind(
        name="organisations",
        label=_("Organisations"),
        singular=_("Organisation"),
        icon="building",
        capability="people.manage",
        subject="organisation",
        help=_("Companies, departments, customers. Rights reach from an organisation to all below it."),
        fields=(
            Field("name", "text", _("Name"), required=True, column=True),
            Field("parent", "choice", _("Part of"), options=organisation_options, column=True, tree=True, place=True),
            Field("zone", "choice", _("Time zone"), required=True, default="UTC", options=_zones, column=True),
            RETIRED,
        ),
        read=_organisations,
        write=_write_organisation,
        find=lambda key: Organisation.objects.filter(slug=key).first(),
        owner=lambda key, row: key,
    )
)
register(
    ConfigurationKind(
        name="teams",
        label=_("Teams"),
        singular=_("Team"),
        icon="users-group",
        capability="people.manage",
        subject="team",
        help=_("People who work on the same things."),
        related=((_("Members"), "administration:members", "users-group"),),
        fields=(
            Field("name", "text", _("Name"), required=True, column=True),
            Field(
                "organisation",
                "choice",
                _("Organisation"),
                required=True,
                options=organisation_options,
                column=True,
                place=True,
            ),
            RETIRED,
        ),
        read=_teams,
        write=_write_team,
        find=lambda key: Team.objects.filter(slug=key).first(),
        owner=lambda key, row: str(row["organisation"]),
    )
)
