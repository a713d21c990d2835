"""Canned answers as configuration rows."""

from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.events.actions import Author
from mainstay.kernel.people.configuration import RETIRED, organisation_options
from mainstay.kernel.people.models import Organisation, Team
from mainstay.kernel.practice.configuration import ConfigurationKind, Field, Row, register
from mainstay.support.service_desk.actions.prepared import save_canned_answer
from mainstay.support.service_desk.configuration.desks import team_options
from mainstay.support.service_desk.models import CannedAnswer
from mainstay.support.service_desk.queries.prepared import PLACEHOLDERS

#: For whom something is prepared; shared with macros.
AUDIENCE = (
    Field(
        "organisation",
        "choice",
        _("Organisation"),
        _("For its cases and those of all below it. Empty: everybody's."),
        options=organisation_options,
        column=True,
    ),
    Field("team", "choice", _("Team"), _("For its members. Empty: for all."), options=team_options, column=True),
    Field("position", "number", _("Position"), _("Lower numbers come first.")),
    RETIRED,
)


def _places() -> str:
    listed = ", ".join(f"{{{{ {name} }}}} ({place.label})" for name, place in PLACEHOLDERS.items())
    return _now("These places are filled in: %(places)s.") % {"places": listed}


PLACES = lazy(_places, str)()


def _answers() -> dict[str, Row]:
    return {
        row.slug: {
            "name": row.name,
            "body": row.body,
            "language": row.language or None,
            "organisation": row.organisation.slug if row.organisation else None,
            "team": row.team.slug if row.team else None,
            "position": row.position,
            "retired": row.retired is not None,
        }
        for row in CannedAnswer.objects.select_related("organisation", "team")
    }


def _write_answer(*, by: Author, key: str, values: Row) -> None:
    found = {
        "organisation": Organisation.objects.filter(slug=values["organisation"]).first(),
        "team": Team.objects.filter(slug=values["team"]).first(),
        "language": values["language"] or "",
    }
    save_canned_answer(by=by, slug=key, **{**values, **found})


register(
    ConfigurationKind(
        name="canned-answers",
        label=_("Canned answers"),
        singular=_("Canned answer"),
        icon="message-circle",
        capability="contact.configure",
        subject="canned_answer",
        help=_("Texts written once and sent often: agents pick one while they write, and see what is sent."),
        fields=(
            Field("name", "text", _("Name"), required=True, column=True, longest=100),
            Field("body", "long_text", _("Text"), PLACES, required=True, longest=20_000),
            Field("language", "choice", _("Language"), options=lambda: list(settings.LANGUAGES), column=True),
            *AUDIENCE,
        ),
        read=_answers,
        write=_write_answer,
        find=lambda key: CannedAnswer.objects.filter(slug=key).first(),
    )
)
