"""Writing a mail: about an event, in its reader's language, or about no record at all."""

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from django.conf import settings as environment
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.events.models import Event
from mainstay.kernel.mail.announcements import Announcement, announcements
from mainstay.kernel.mail.engine.headers import address, one_line
from mainstay.kernel.mail.engine.marks import event_id, reply_address, thread_id
from mainstay.kernel.mail.queries import host, mailbox_for, tag
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice import settings
from mainstay.kernel.records.models import Attachment, Comment, Record, Visibility
from mainstay.kernel.records.queries import reads_internal


@dataclass(frozen=True)
class Content:
    """What a mail says: one sentence, texts that people wrote, what comes next."""

    sentence: str
    quotes: list[str]
    following: str
    files: list[str]


def sentence(announcement: Announcement, record: Record, reader: Person, author: str) -> str:
    """Return what happened in a sentence, for the requester or for those who work on it. May be empty."""
    asked = record.requester_id == reader.pk and announcement.requester
    words = announcement.requester if asked else announcement.staff
    return str(words) % {"author": author or _("The service desk")} if words else ""


def letter(actor: Actor, event: Event, record: Record) -> EmailMessage:
    """Return the mail that tells `actor` of an event on a record, both of which it may see.

    Raises ValueError when the reader's address, or the configured sender's, is none.
    """
    reader = actor.person
    if reader is None:
        raise ValueError("a mail needs somebody to read it")
    with translation.override(reader.language):
        content = _content(actor, event, record, reader)
        message = _addressed(reader.name, reader.email or "")
        _set_headers(message, event, record, reader)
        message.set_content(_plain(content, record))
        page = {"content": content, "record": record, "address": _address(record), "language": reader.language}
        message.add_alternative(render_to_string("mail/message.html", page, using="jinja2"), subtype="html")
    return message


def notice(subject: str, paragraphs: list[str], *, name: str, email: str) -> EmailMessage:
    """Return a mail in plain text that is about no record, to one address.

    Raises ValueError when that address, or the configured sender's, is none.
    """
    message = _addressed(name, email)
    message["Subject"] = one_line(subject)
    message["Date"] = format_datetime(timezone.now())
    message["Message-ID"] = make_msgid(domain=host())
    message.set_content("\n\n".join(paragraphs) + "\n")
    return message


def _addressed(name: str, email: str) -> EmailMessage:
    """Return an empty mail to one address, marked as written by a program."""
    message = EmailMessage(policy=SMTP)
    message["From"] = address(settings.value("mail.sender_name"), settings.value("mail.sender"))
    message["To"] = address(name, email)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    message["X-Auto-Response-Suppress"] = "All"
    return message


def _set_headers(message: EmailMessage, event: Event, record: Record, reader: Person) -> None:
    message["Subject"] = f"[{record.number}] {one_line(record.title)}"
    message["Date"] = format_datetime(event.recorded)
    # Stable, so that a mail sent twice after a crash is one mail to its reader.
    message["Message-ID"] = f"<{event_id(record.pk, event.pk, tag, host())}>"
    message["In-Reply-To"] = message["References"] = f"<{thread_id(record.pk, tag, host())}>"
    if signed := _reply_address(record, reader):
        message["Reply-To"] = signed


def _reply_address(record: Record, reader: Person) -> Address | None:
    """Return the address at which the reader answers about this record, where the sender's mailbox has such ones."""
    sender = settings.value("mail.sender")
    mailbox = mailbox_for(sender)
    if mailbox is None or not mailbox.signed_replies:
        return None
    return address(settings.value("mail.sender_name"), reply_address(mailbox.address, record.pk, reader.pk, tag))


def _content(actor: Actor, event: Event, record: Record, reader: Person) -> Content:
    announcement = announcements[event.name]
    author = Person.objects.filter(pk__in=[event.actor_id]).values_list("name", flat=True).first() or ""
    comment = _comment(actor, event, record)
    detail = announcement.detail(record, event) if announcement.detail else ""
    files = Attachment.objects.filter(comment=comment) if comment else Attachment.objects.none()
    return Content(
        sentence=sentence(announcement, record, reader, one_line(author)),
        quotes=[text for text in (comment.body if comment else "", detail, event.reason) if text],
        following=str(announcement.following) if record.requester_id == reader.pk else "",
        files=[one_line(name) for name in files.values_list("name", flat=True)],
    )


def _comment(actor: Actor, event: Event, record: Record) -> Comment | None:
    comment = Comment.objects.filter(pk=event.data.get("comment"), record=record).first()
    if comment is None or comment.visibility == Visibility.PUBLIC or reads_internal(actor, record):
        return comment
    return None


def _address(record: Record) -> str:
    return f"{environment.BASE_URL}/records/{record.number}"


def _plain(content: Content, record: Record) -> str:
    parts = [
        content.sentence,
        *("\n".join(f"> {line}" for line in quote.splitlines()) for quote in content.quotes),
        _("Files: %(names)s") % {"names": ", ".join(content.files)} if content.files else "",
        content.following,
        f"{record.number}: {one_line(record.title)}\n{_address(record)}",
        _("You choose which mails you get: %(address)s")
        % {"address": f"{environment.BASE_URL}/notifications/choices/"},
    ]
    return "\n\n".join(part for part in parts if part) + "\n"
