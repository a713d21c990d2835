"""The desks as configuration rows."""

from django.utils.translation import gettext_lazy as _

from mainstay.kernel.events.actions import Author
from mainstay.kernel.people.configuration import RETIRED, organisation_options
from mainstay.kernel.people.models import Organisation, Team
from mainstay.kernel.practice.configuration import ConfigurationKind, Field, Options, Row, register
from mainstay.support.service_desk.actions.configuration import save_desk
from mainstay.support.service_desk.models import Desk


def _team_options() -> Options:
    return list(Team.objects.filter(retired=None).values_list("slug", "name"))


def _desks() -> dict[str, Row]:
    return {
        row.slug: {
            "name": row.name,
            "position": row.position,
            "organisation": row.organisation.slug if row.organisation else None,
            "team": row.team.slug,
            "complaints": row.complaints.slug if row.complaints else None,
            "retired": row.retired is not None,
        }
        for row in Desk.objects.select_related("organisation", "team", "complaints")
    }


def _write_desk(*, by: Author, key: str, values: Row) -> None:
    found = {
        "organisation": Organisation.objects.filter(slug=values["organisation"]).first(),
        "team": Team.objects.get(slug=values["team"]),
        "complaints": Team.objects.filter(slug=values["complaints"]).first(),
    }
    save_desk(by=by, slug=key, **{**values, **found})


register(
    ConfigurationKind(
        name="desks",
        label=_("Desks"),
        singular=_("Desk"),
        icon="headset",
        capability="contact.configure",
        subject="desk",
        help=_("Which team takes in the contacts of whom, and answers for them until they are closed."),
        fields=(
            Field("name", "text", _("Name"), required=True, column=True, longest=100),
            Field("position", "number", _("Position"), _("The first desk that fits takes it in."), column=True),
            Field(
                "organisation",
                "choice",
                _("Organisation"),
                _("And all below it. Empty: everybody."),
                options=organisation_options,
                column=True,
            ),
            Field("team", "choice", _("Team"), required=True, options=_team_options, column=True),
            Field(
                "complaints",
                "choice",
                _("Complaints"),
                _("The team that answers for complaints. Empty: the same."),
                options=_team_options,
                column=True,
            ),
            RETIRED,
        ),
        read=_desks,
        write=_write_desk,
        find=lambda key: Desk.objects.filter(slug=key).first(),
    )
)
