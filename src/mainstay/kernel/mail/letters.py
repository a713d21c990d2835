"""Writing a mail: about an event, in its reader's language, or about no record at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import Any
from zoneinfo import ZoneInfo

from babel import dates
from django.conf import settings as environment
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.events.models import Event
from mainstay.kernel.mail.announcements import Announcement, announcements
from mainstay.kernel.mail.engine.headers import address, one_line
from mainstay.kernel.mail.engine.marks import event_id, reply_address, thread_id
from mainstay.kernel.mail.engine.wording import BODY, SUBJECT, Block, blocks
from mainstay.kernel.mail.models import Audience, MailTemplate
from mainstay.kernel.mail.queries import Occasion, host, mailbox_for, tag, template_for
from mainstay.kernel.mail.registry import link_path
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice import settings
from mainstay.kernel.practice.placeholders import fill
from mainstay.kernel.records.labels import state_label
from mainstay.kernel.records.models import Attachment, Comment, Record, Visibility
from mainstay.kernel.records.queries import reads_internal


@dataclass(frozen=True)
class Content:
    """What a mail says: its subject, which begins with the number, its paragraphs, and the answers it offers."""

    subject: str
    blocks: Sequence[Block]
    answers: Sequence[tuple[Any, str]] = ()


def sentence(announcement: Announcement, record: Record, reader: Person, author: str) -> str:
    """Return what happened in a sentence, for the requester or for those who work on it. May be empty."""
    asked = audience_of(announcement, record, reader) == Audience.REQUESTER
    return _said(announcement.requester if asked else announcement.staff, author)


def _said(words: Any, author: str) -> str:
    return str(words) % {"author": author or _("The service desk")} if words else ""


def letter(actor: Actor, event: Event, record: Record, *, again: int = 0, token: str = "") -> EmailMessage:
    """Return the mail that tells `actor` of an event on a record, both of which it may see; `again` counts resends.

    A `token` makes a link that opens the case without signing in.

    Raises ValueError when the reader's address, or the configured sender's, is none.
    """
    reader = actor.person
    if reader is None:
        raise ValueError("a mail needs somebody to read it")
    with translation.override(reader.language):
        said = content(actor, reader, Occasion(event.name, record, event))
        message = _addressed(reader.name, reader.email or "")
        message["Subject"] = said.subject
        _set_headers(message, event, record, reader, again)
        message.set_content(plain(said, record, token))
        message.add_alternative(page(said, record, token), subtype="html")
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


def _set_headers(message: EmailMessage, event: Event, record: Record, reader: Person, again: int) -> None:
    message["Date"] = format_datetime(event.recorded)
    # Stable, so that a mail sent twice after a crash is one mail to its reader.
    message["Message-ID"] = f"<{event_id(record.pk, event.pk, tag, host(), again)}>"
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


def audience_of(announcement: Announcement, record: Record, reader: Person) -> Audience:
    """Return as whom somebody reads of a record: as its requester, where its requester is told of it, or as staff."""
    asked = record.requester_id == reader.pk and announcement.requester
    return Audience.REQUESTER if asked else Audience.STAFF


def content(actor: Actor, reader: Person, occasion: Occasion, template: MailTemplate | None = None) -> Content:
    """Return what a mail to `reader` says, in the current language: in the words of `template`, by default those that
    an administrator wrote for it, else those of code.

    It holds what `actor` may read, who is the reader except where somebody only tries a template.
    """
    record, announcement = occasion.record, announcements[occasion.name]
    audience = audience_of(announcement, record, reader)
    template = template or template_for(occasion.name, audience, translation.get_language())
    values, quotes = _values(actor, reader, occasion, audience), _quotes(actor, occasion)
    subject = one_line(fill(template.subject if template else SUBJECT, values))
    paragraphs = blocks(template.body if template else BODY, values, quotes)
    answers = announcement.answers if audience == Audience.REQUESTER else ()
    return Content(f"[{record.number}] {subject}", paragraphs, answers)


def _values(actor: Actor, reader: Person, occasion: Occasion, audience: Audience) -> dict[str, str]:
    """Return what stands in the gaps of a template: nothing that a requester may not read, and on one line each."""
    record, event, announcement = occasion.record, occasion.event, announcements[occasion.name]
    author = Person.objects.filter(pk__in=[event.actor_id if event else actor.person_id]).first()
    name = one_line(author.name) if author else ""
    asked = audience == Audience.REQUESTER
    words = announcement.requester if asked else announcement.staff
    files = [one_line(name) for name in _files(actor, occasion)]
    return {
        "number": record.number,
        "title": one_line(record.title),
        "state": state_label(record.kind, record.state, "requesters" if asked else "agents"),
        "opened": _moment(record, reader),
        "organisation": one_line(record.organisation.name),
        "requester": one_line(record.requester.name) if record.requester else "",
        "reader": one_line(reader.name),
        "author": name or _("The service desk"),
        "sentence": _said(words, name),
        "files": _("Files: %(names)s") % {"names": ", ".join(files)} if files else "",
        "following": str(announcement.following) if record.requester_id == reader.pk else "",
        "address": _address(record),
    }


def _moment(record: Record, reader: Person) -> str:
    locale = translation.to_locale(translation.get_language() or "en")
    return dates.format_datetime(record.opened, "short", tzinfo=ZoneInfo(reader.zone), locale=locale)


def _quotes(actor: Actor, occasion: Occasion) -> list[str]:
    """Return what people wrote: a comment, a text such as a solution, a reason."""
    event, record = occasion.event, occasion.record
    if event is None:
        return []
    comment, tells = _comment(actor, event, record), announcements[occasion.name].detail
    detail = tells(record, event) if tells else ""
    return [text for text in (comment.body if comment else "", detail, event.reason) if text]


def _files(actor: Actor, occasion: Occasion) -> list[str]:
    comment = _comment(actor, occasion.event, occasion.record) if occasion.event else None
    return list(Attachment.objects.filter(comment=comment).values_list("name", flat=True)) if comment else []


def _comment(actor: Actor, event: Event, record: Record) -> Comment | None:
    key = event.data.get("comment", event.data.get("with_comment"))
    comment = Comment.objects.filter(pk=key, record=record).first()
    if comment is None or comment.visibility == Visibility.PUBLIC or reads_internal(actor, record):
        return comment
    return None


def _address(record: Record) -> str:
    return f"{environment.BASE_URL}/records/{record.number}"


def page(said: Content, record: Record, token: str = "") -> str:
    """Return a mail's content as HTML."""
    values = {"content": said, "record": record, "address": _address(record), "language": translation.get_language()}
    values["link"] = _link(token)
    return render_to_string("mail/message.html", values, using="jinja2")


def plain(said: Content, record: Record, token: str = "") -> str:
    """Return a mail's content as plain text: what people wrote quoted, then the way to the case and to the choices."""
    parts = [
        *(_quoted(block.text) if block.quoted else block.text for block in said.blocks),
        "\n".join(f"{words}\n{_link(token)}?{query}" for words, query in said.answers) if token else "",
        f"{record.number}: {one_line(record.title)}\n{_address(record)}",
        _("Read and answer without signing in; keep this link to yourself: %(address)s") % {"address": _link(token)}
        if token
        else "",
        _("You choose which mails you get: %(address)s")
        % {"address": f"{environment.BASE_URL}/notifications/choices/"},
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _link(token: str) -> str:
    return f"{environment.BASE_URL}{link_path(token)}" if token else ""


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.splitlines())
