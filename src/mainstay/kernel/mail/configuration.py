"""Mailboxes and the wording of mails as configuration rows."""

from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.access.models import Role
from mainstay.kernel.events.actions import Author
from mainstay.kernel.mail.actions import save_mailbox, save_template, slug_of
from mainstay.kernel.mail.announcements import announcements
from mainstay.kernel.mail.engine.wording import BODY, NAMES, SUBJECT
from mainstay.kernel.mail.models import Audience, Encryption, Mailbox, MailboxReading, MailTemplate, SignIn
from mainstay.kernel.mail.queries import mailboxes_to_read
from mainstay.kernel.people.configuration import RETIRED, organisation_options
from mainstay.kernel.people.models import Organisation, Team
from mainstay.kernel.practice.apps import names_of_records
from mainstay.kernel.practice.configuration import ConfigurationKind, Field, Options, Row, register
from mainstay.kernel.records.configuration import category_options
from mainstay.kernel.records.models import Category

#: Fields that name a row by its slug.
REFERENCES = {"organisation": Organisation, "role": Role, "team": Team, "category": Category}
PLAIN = (
    *(
        "name",
        "address",
        "language",
        "copies_watch",
        "signed_replies",
        "authentication_server",
        "imap_host",
        "imap_port",
        "encryption",
        "user",
    ),
    *("sign_in", "token_endpoint", "client", "scope", "folder", "done_folder"),
)


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


def _remarks() -> dict[str, str]:
    """Say of each mailbox what keeps it from being read."""
    readings = MailboxReading.objects.exclude(error="").filter(mailbox__in=mailboxes_to_read())
    return {
        reading.mailbox.slug: _now("It cannot be read: %(words)s") % {"words": reading.error}
        if reading.failing
        else reading.error
        for reading in readings.select_related("mailbox")
    }


def _write(*, by: Author, key: str, values: Row) -> None:
    found = {name: model._default_manager.filter(slug=values[name]).first() for name, model in REFERENCES.items()}
    save_mailbox(by=by, slug=key, **{**values, **found})


#: How it is read, where mail is not brought.
READING = (
    Field(
        "imap_host",
        "text",
        _("IMAP server"),
        _("Its name. Empty where a mail server of yours brings the mail by LMTP or SMTP."),
        longest=254,
        column=True,
    ),
    Field("imap_port", "number", _("IMAP port"), default=993, minimum=1, maximum=65535),
    Field("encryption", "choice", _("Encryption"), required=True, default="tls", options=lambda: Encryption.choices),
    Field("user", "text", _("User name"), longest=254),
    Field("sign_in", "choice", _("Signing in"), required=True, default="password", options=lambda: SignIn.choices),
    Field("secret", "secret", _("Password, or secret of the client"), longest=2000),
    Field(
        "token_endpoint",
        "text",
        _("Token endpoint"),
        _("Only for OAuth 2.0: the address at which access tokens are given out."),
        longest=500,
    ),
    Field("client", "text", _("Client"), _("Only for OAuth 2.0: the registered program's identifier."), longest=254),
    Field("scope", "text", _("Scope"), _("Only for OAuth 2.0, as the provider says."), longest=500),
    Field("refresh_token", "secret", _("Refresh token"), longest=8000),
    Field("folder", "text", _("Folder"), _("Where new mails are."), default="INBOX"),
    Field(
        "done_folder",
        "text",
        _("Folder for mails taken in"),
        _("They are moved there; it is made if missing. When empty, they stay and get a mark of ours."),
    ),
)

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
            Field(
                "authentication_server",
                "text",
                _("Server that checks senders"),
                _(
                    "The name that your mail server begins its Authentication-Results fields with. Mail whose sender it"
                    " found forged, or that it did not check, is then set aside. Empty: senders are believed."
                ),
                longest=254,
            ),
            *READING,
            RETIRED,
        ),
        read=_mailboxes,
        write=_write,
        find=lambda key: Mailbox.objects.filter(slug=key).first(),
        remarks=_remarks,
    )
)


WORDS = ("event", "audience", "language", "subject", "body")


def _events() -> Options:
    """Return the events that mails tell of, each with what it says."""
    called = names_of_records()
    return [(name, f"{called[name.partition('.')[0]]}: {_words(name)}") for name in sorted(announcements)]


def _words(name: str) -> str:
    announcement = announcements[name]
    return str(announcement.requester or announcement.staff) % {"author": _now("The service desk")}


def _templates() -> dict[str, Row]:
    return {
        row.slug: {name: getattr(row, name) for name in WORDS} | {"retired": row.retired is not None}
        for row in MailTemplate.objects.all()
    }


def _write_template(*, by: Author, key: str, values: Row) -> None:
    save_template(by=by, slug=key, **values)


register(
    ConfigurationKind(
        name="mail-templates",
        label=_("Mail texts"),
        singular=_("Mail text"),
        icon="mail-cog",
        capability="configuration.manage",
        subject="mail_template",
        help=_("What mails say, for each event and language. Where nothing stands here, they say what was shipped."),
        fields=(
            Field("event", "choice", _("Event"), required=True, options=_events, column=True),
            Field(
                "audience",
                "choice",
                _("Written for"),
                required=True,
                default=str(Audience.REQUESTER),
                options=lambda: Audience.choices,
                column=True,
            ),
            Field(
                "language",
                "choice",
                _("Language"),
                required=True,
                default="en",
                options=lambda: settings.LANGUAGES,
                column=True,
            ),
            Field(
                "subject",
                "text",
                _("Subject"),
                _("The number is put before it, so that answers find the case."),
                required=True,
                default=SUBJECT,
                column=True,
            ),
            Field(
                "body",
                "long_text",
                _("Text"),
                format_lazy(
                    _("In braces: {names}. An empty line parts paragraphs; one that stays empty is left out."),
                    names=", ".join(f"{{{name}}}" for name in NAMES),
                ),
                required=True,
                default=BODY,
                longest=10_000,
            ),
            RETIRED,
        ),
        read=_templates,
        write=_write_template,
        find=lambda key: MailTemplate.objects.filter(slug=key).first(),
        key_from=slug_of,
        related=((_("Preview"), "administration:mail-preview", "eye"),),
    )
)
