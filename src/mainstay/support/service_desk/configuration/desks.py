"""The desks, what is promised, and the rules about contacts as configuration rows."""

from django.utils.translation import gettext_lazy as _

from mainstay.kernel.automation.configuration import rules_of
from mainstay.kernel.automation.engine.language import STRING
from mainstay.kernel.automation.registry import Automated, automate, rule_field
from mainstay.kernel.calendars.models import Calendar
from mainstay.kernel.calendars.queries import calendars_in_use
from mainstay.kernel.events.actions import Author
from mainstay.kernel.people.configuration import RETIRED, organisation_options
from mainstay.kernel.people.models import Organisation, Team
from mainstay.kernel.practice.configuration import ConfigurationKind, Field, Options, Row, register
from mainstay.support.incidents.models import Priority
from mainstay.support.incidents.queries import assignable_people
from mainstay.support.service_desk import actions
from mainstay.support.service_desk.actions.configuration import save_desk, save_update_promise
from mainstay.support.service_desk.models import Contact, Desk, UpdatePromise
from mainstay.support.service_desk.queries import assignable_teams


def team_options() -> Options:
    """Return the teams in use, by slug."""
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
            Field("team", "choice", _("Team"), required=True, options=team_options, column=True),
            Field(
                "complaints",
                "choice",
                _("Complaints"),
                _("The team that answers for complaints. Empty: the same."),
                options=team_options,
                column=True,
            ),
            RETIRED,
        ),
        read=_desks,
        write=_write_desk,
        find=lambda key: Desk.objects.filter(slug=key).first(),
    )
)


def _calendar_options() -> Options:
    return list(calendars_in_use().values_list("slug", "name"))


def _update_promises() -> dict[str, Row]:
    return {
        row.slug: {
            "name": row.name,
            "priority": str(row.priority),
            "minutes": row.minutes,
            "calendar": row.calendar.slug if row.calendar else None,
            "retired": row.retired is not None,
        }
        for row in UpdatePromise.objects.select_related("calendar")
    }


def _write_update_promise(*, by: Author, key: str, values: Row) -> None:
    calendar = Calendar.objects.filter(slug=values["calendar"]).first()
    save_update_promise(by=by, slug=key, **{**values, "priority": int(values["priority"]), "calendar": calendar})


register(
    ConfigurationKind(
        name="update-promises",
        label=_("Promises of news"),
        singular=_("Promise of news"),
        icon="message",
        capability="contact.configure",
        subject="update_promise",
        help=_("After how long at the latest callers hear from us again. Without one, nothing is promised by itself."),
        fields=(
            Field("name", "text", _("Name"), required=True, column=True, longest=100),
            Field(
                "priority",
                "choice",
                _("Priority"),
                required=True,
                options=lambda: [(str(value), f"{value} {label}") for value, label in Priority.choices],
                column=True,
            ),
            Field("minutes", "number", _("Minutes"), required=True, minimum=5, default=240, column=True),
            Field(
                "calendar",
                "choice",
                _("Calendar"),
                _("Counts in its hours. Empty: by day and night."),
                options=_calendar_options,
                column=True,
            ),
            RETIRED,
        ),
        read=_update_promises,
        write=_write_update_promise,
        find=lambda key: UpdatePromise.objects.filter(slug=key).first(),
    )
)


@rule_field("contact", "text", STRING, _("Text"), _("The first 10,000 characters of its description."), shown=False)
def text_of(contact: Contact) -> str:
    return contact.description


@rule_field("contact", "source", STRING, _("Opened in"), _("portal, phone, mail, walk_in or api."))
def source_of(contact: Contact) -> str:
    return contact.source


@rule_field("contact", "type", STRING, _("Type"), _("case or complaint."), watches="type")
def type_of(contact: Contact) -> str:
    return contact.type


automate(
    Automated(
        "contact", Contact, "contact.configure", actions.edit, actions.assign, assignable_teams, assignable_people
    )
)
register(rules_of("contact", "contact.configure", _("Rules for contacts"), _("Rule for contacts")))
