"""The settings of mail, and the events of taking it in. Without a host nothing is sent."""

from django.utils.translation import gettext_lazy as _

from mainstay.kernel.events import registry as events
from mainstay.kernel.practice import settings

settings.declare("mail.host", str, "", _("Outgoing mail server"), help=_("Its name; empty sends no mail at all."))
settings.declare("mail.port", int, 587, _("Port of the mail server"), minimum=1, maximum=65535)
settings.declare(
    "mail.encrypted",
    bool,
    True,
    _("Encrypt the connection"),
    help=_("TLS from the start on port 465, STARTTLS on any other. Without it others can read along."),
)
settings.declare("mail.user", str, "", _("User name at the mail server"))
settings.declare(
    "mail.password",
    str,
    "",
    _("Password at the mail server"),
    help=_("Forgotten when the server, the port or the user changes."),
    secret=True,
    cleared_by=("mail.host", "mail.port", "mail.user", "mail.encrypted"),
)
settings.declare("mail.sender", str, "", _("Sender's address"), help=_("Where mails come from: desk@example.com."))
settings.declare("mail.sender_name", str, "Mainstay", _("Sender's name"))
settings.declare(
    "mail.links",
    bool,
    True,
    _("Links in mails open the case without signing in"),
    help=_("Only for its requester, only to read and answer, and for 14 days after the last mail about it."),
)
settings.declare(
    "mail.keep_days",
    int,
    365,
    _("Days that it is kept which mails were sent"),
    help=_("To whom, when, and what became of them. Their texts are not kept."),
    minimum=1,
    maximum=3650,
)
settings.declare(
    "mail.lmtp_port",
    int,
    0,
    _("Port for mail by LMTP"),
    help=_("A mail server on this machine hands mail over here. 0 takes none in."),
    minimum=0,
    maximum=65535,
)
settings.declare(
    "mail.smtp_port",
    int,
    0,
    _("Port for mail by SMTP"),
    help=_("For servers without LMTP, on this machine only. 0 takes none in."),
    minimum=0,
    maximum=65535,
)

events.declare("mailbox", ("created", "edited", "retired"))
events.declare("mail_template", ("created", "edited", "retired"))
events.declare("person", ("mail_came_back", "mail_arrives_again"))
events.declare("received_mail", ("released", "dismissed"))
