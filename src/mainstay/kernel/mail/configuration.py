"""Mailboxes as configuration rows."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.access.models import Role
from mainstay.kernel.events.actions import Author
from mainstay.kernel.mail.actions import save_mailbox
from mainstay.kernel.mail.models import Mailbox
from mainstay.kernel.people.configuration import RETIRED, organisation_options
from mainstay.kernel.people.models import Organisation, Team
from mainstay.kernel.practice.configuration import ConfigurationKind, Field, Options, Row, register
from mainstay.kernel.records.configuration import category_options
from mainstay.kernel.records.models import Category

#: Fields that name a row by its slug.
REFERENCES = {"organisation": Organisation, "role": Role, "team": Team, "category": Category}
PLAIN = ("name", "address", "language", "copies_watch", "signed_replies")


def _roles() -> Options:
    """Return the roles that allow no more than one's own cases."""
    roles = Role.objects.filter(retired=None)
    return [
        (role.slug, role.name)
        for role in roles
        if role.capabilities and all(capability.endswith(":own") for capability in role.capabilities)
    ]


def _teams() -> Options:
    return list(Team.objects.filter(retired=None).values_list("slug", "name"))


def _mailboxes() -> dict[str, Row]:
    rows = Mailbox.objects.select_related(*REFERENCES)
    return {
        row.slug: {name: getattr(row, name) for name in PLAIN}
        | {name: getattr(getattr(row, name), "slug", None) for name in REFERENCES}
        | {"retired": row.retired is not None}
        for row in rows
    }


def _write(*, by: Author, key: str, values: Row) -> None:
    found = {name: model._default_manager.filter(slug=values[name]).first() for name, model in REFERENCES.items()}
    save_mailbox(by=by, slug=key, **{**values, **found})


register(
    ConfigurationKind(
        name="mailboxes",
        label=_("Mailboxes"),
        singular=_("Mailbox"),
        icon="mail",
        capability="configuration.manage",
        subject="mailbox",
        help=_("Addresses that people write to, and what becomes of their mail."),
        fields=(
            Field("name", "text", _("Name"), required=True, column=True, longest=100),
            Field("address", "text", _("Address"), required=True, column=True, longest=254),
            Field(
                "organisation",
                "choice",
                _("Organisation of unknown senders"),
                required=True,
                options=organisation_options,
                column=True,
            ),
            Field(
                "role",
                "choice",
                _("Role of unknown senders"),
                _("What they may do with their own cases. Without one they hear nothing of them."),
                options=_roles,
            ),
            Field("team", "choice", _("Team"), _("It gets what new mails become."), options=_teams, column=True),
            Field("category", "choice", _("Category"), options=category_options),
            Field(
                "language",
                "choice",
                _("Language"),
                _("Of unknown senders."),
                required=True,
                default="en",
                options=lambda: settings.LANGUAGES,
            ),
            Field(
                "copies_watch",
                "yes_no",
                _("People who got a copy watch the case"),
                _("Known people only, and only where they may see it."),
            ),
            Field(
                "signed_replies",
                "yes_no",
                _("Answers go to signed addresses"),
                _("The mail server must bring mail for name+anything@example.com to the same mailbox."),
            ),
            RETIRED,
        ),
        read=_mailboxes,
        write=_write,
        find=lambda key: Mailbox.objects.filter(slug=key).first(),
    )
)
