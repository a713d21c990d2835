"""Asking about mail, and about who may hear of an event."""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings as environment
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.queries import governs
from mainstay.kernel.events.models import Event
from mainstay.kernel.files.queries import open_content
from mainstay.kernel.mail.engine import Letter, plain_address
from mainstay.kernel.mail.engine.marks import answered, numbers_in, record_of, subjects_quoted
from mainstay.kernel.mail.models import (
    Audience,
    Delivery,
    FailingAddress,
    Mailbox,
    MailState,
    MailTemplate,
    ReceivedMail,
    SignedLink,
)
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice import settings
from mainstay.kernel.practice.errors import Invalid, Missing
from mainstay.kernel.practice.sealing import unsealed
from mainstay.kernel.records.merged import parts_of
from mainstay.kernel.records.models import Record
from mainstay.kernel.records.queries import Finder, reads_internal, visible_to

#: What a mailbox is entered by, besides its refresh token.
ENTERED_BY = (
    *("imap_host", "imap_port", "encryption", "user", "sign_in", "secret", "token_endpoint", "client", "scope"),
    *("folder", "done_folder"),
)
#: What it takes to see mail that belongs to no record, for the instance as a whole.
CONFIGURE = "configuration.manage"
#: A person gets one automatic answer in this time.
BETWEEN_ANSWERS = timedelta(hours=1)
#: The most references of a mail that are looked up, the newest first.
MOST_REFERENCES = 50
#: A mail that waits longer has lost its job.
LONG_WAIT = timedelta(minutes=10)


def is_configured() -> bool:
    """Return whether mail is sent at all: a server and a sender are named."""
    return bool(settings.value("mail.host") and settings.value("mail.sender"))


def may_hear(actor: Actor, event: Event, record: Record) -> bool:
    """Return whether `actor` may know of an event now: asked when it is told, not when it happened."""
    if not actor.can(f"{record.kind}.read", record):
        return False
    return event.public or reads_internal(actor, record)


def host() -> str:
    """Return the name in the Message-IDs that we give."""
    return urlsplit(environment.BASE_URL).hostname or "localhost"


def tag(text: str) -> str:
    """Return 80 bits that only this instance can write (HMAC-SHA-256), as small letters and digits."""
    digest = salted_hmac("mainstay.mail.marks", text, algorithm="sha256").digest()
    return base64.b32encode(digest[:10]).decode().lower()


def is_own_id(message_id: str) -> bool:
    """Return whether a Message-ID is one that we gave."""
    return record_of(message_id, tag) is not None


def mailboxes() -> QuerySet[Mailbox]:
    """Return the mailboxes in use."""
    return Mailbox.objects.filter(retired=None)


def mailbox_for(address: str) -> Mailbox | None:
    """Return the mailbox in use that mail for an address comes to; what follows a plus sign does not matter."""
    return mailboxes().filter(address=plain_address(address)).first()


def own_addresses() -> frozenset[str]:
    """Return every address that mail of ours may come from, in lower case."""
    sender = str(settings.value("mail.sender")).lower()
    return frozenset({*mailboxes().values_list("address", flat=True), *filter(None, [sender])})


def original(mail: ReceivedMail) -> bytes:
    """Return a mail as it came. Raises Missing when its file is gone."""
    with open_content(mail.content) as file:
        return file.read()


def answered_record(mail: ReceivedMail, letter: Letter) -> Record | None:
    """Return the record that a mail answers: by the ids it refers to, a number in its subject, or a signed address.

    This is no permission: who wrote it may still not see the record.
    """
    addresses = (mail.recipient, *(mailbox.address for mailbox in (*letter.to, *letter.cc)))
    return (
        _by_references([*letter.in_reply_to, *reversed(letter.references)][:MOST_REFERENCES])
        or _by_number(numbers_in(letter.subject))
        or _by_id(answered(addresses, tag))
    )


def _by_id(pk: int | None) -> Record | None:
    return Record.objects.filter(pk=pk).first() if pk is not None else None


def _by_references(ids: list[str]) -> Record | None:
    """Return the record that the newest id we know belongs to: of a mail of ours, or of one that we took in."""
    received = ReceivedMail.objects.filter(message_id__in=ids).exclude(record=None)
    known = dict(received.values_list("message_id", "record_id"))
    found = (known.get(each) or record_of(each, tag) for each in ids)
    return _by_id(next((pk for pk in found if pk), None))


def _by_number(numbers: Iterable[str]) -> Record | None:
    for number in numbers:
        has = Q(number=number) | Q(former_numbers__number=number)
        if record := Record.objects.filter(has).first():
            return record
    return None


def set_aside(actor: Actor) -> QuerySet[ReceivedMail]:
    """Return the mails that became nothing, the newest first, for those who configure the whole instance."""
    if not governs(actor, CONFIGURE):
        return ReceivedMail.objects.none()
    states = (MailState.QUARANTINED, MailState.IGNORED, MailState.WAITING)
    return ReceivedMail.objects.filter(state__in=states).select_related("mailbox", "content").order_by("-pk")


def received_mail(actor: Actor, uuid: UUID) -> ReceivedMail:
    """Return a mail whose original `actor` may read: that of a record's internal part, or one that became nothing.

    Raises Missing if there is none.
    """
    mail = ReceivedMail.objects.select_related("mailbox", "content", "record").filter(uuid=uuid).first()
    if mail is not None and mail.record is None and governs(actor, CONFIGURE):
        return mail
    if mail is not None and mail.record is not None and reads_internal(actor, mail.record):
        return mail
    raise Missing(_("There is nothing here, or you may not see it."))


def mails_of(actor: Actor, record: Record) -> dict[tuple[int | None, int | None], ReceivedMail]:
    """Return the mails of a record and of those merged into it, by record and the comment that each became (ids).

    The one that a record began with stands under None as its comment.
    """
    mails = ReceivedMail.objects.filter(record__in=parts_of(actor, record).whole).defer("detail").order_by("-pk")
    return {(mail.record_id, mail.comment_id): mail for mail in mails}


def long_waiting() -> list[int]:
    """Return the mails (ids) that have waited longer than their job should take."""
    limit = timezone.now() - LONG_WAIT
    return list(
        ReceivedMail.objects.filter(state=MailState.WAITING, received__lt=limit).values_list("pk", flat=True)[:1000]
    )


def doors_wanted() -> dict[str, int]:
    """Return the ports to listen on, by protocol (lmtp, smtp); none while there is no mailbox."""
    ports = {protocol: int(settings.value(f"mail.{protocol}_port")) for protocol in ("lmtp", "smtp")}
    return {protocol: port for protocol, port in ports.items() if port} if mailboxes().exists() else {}


def mailboxes_to_read() -> QuerySet[Mailbox]:
    """Return the mailboxes that are read by IMAP."""
    return mailboxes().exclude(imap_host="")


def secrets_of(mailbox: Mailbox) -> tuple[str, str]:
    """Return a mailbox's password or client's secret, and its refresh token; "" for what is not there."""
    return unsealed(mailbox.secret) or "", unsealed(mailbox.refresh_token) or ""


def way_to(mailbox: Mailbox) -> str:
    """Return a mark of everything by which a mailbox is entered, but for the refresh token, which renews itself."""
    written = "\0".join(str(getattr(mailbox, name)) for name in ENTERED_BY)
    return hashlib.sha256(written.encode()).hexdigest()


@dataclass(frozen=True)
class Occasion:
    """What a mail tells: an event's name on a record, and the event itself where there is one, not only an example."""

    name: str
    record: Record
    event: Event | None = None


_example = Finder(lambda actor: visible_to(actor).select_related("organisation", "requester", "assignee"))


def example_of(actor: Actor, template: MailTemplate, number: str) -> tuple[Occasion, Person]:
    """Return what to try a template with on a case that `actor` may see, and who would read it: the last such event
    that `actor` may hear of, if there is one.

    Raises Missing if there is no such case, and Invalid for one of another kind or that nobody would read of.
    """
    record = _example(actor, number)
    kind = template.event.partition(".")[0]
    if record.kind != kind:
        raise Invalid({"number": _("This text is for cases of another kind.")})
    events = Event.objects.filter(name=template.event, record_id=record.pk).order_by("-pk")[:20]
    event = next((event for event in events if may_hear(actor, event, record)), None)
    asked = template.audience == Audience.REQUESTER
    reader = record.requester if asked else record.assignee or actor.person
    if reader is None:
        raise Invalid({"number": _("This case has no requester.")})
    return Occasion(template.event, record, event), reader


def template_for(event: str, audience: Audience, language: str | None) -> MailTemplate | None:
    """Return the template in use for an event, an audience and a language, if an administrator wrote one."""
    in_use = MailTemplate.objects.filter(retired=None)
    return in_use.filter(event=event, audience=audience, language=language or "en").first()


def deliveries(actor: Actor, record: Record) -> QuerySet[Delivery]:
    """Return the mails about a record that went to somebody or were to, for those who see its internal part."""
    if not reads_internal(actor, record):
        return Delivery.objects.none()
    return Delivery.objects.filter(record=record).select_related("person", "record")


def names_of_events(rows: Iterable[Delivery]) -> dict[int, tuple[str, str]]:
    """Return the name of the event that each mail told of and who caused it, by the event's id, in two queries."""
    events = Event.objects.filter(pk__in={row.event_id for row in rows}).values_list("pk", "name", "actor_id")
    authors = dict(Person.objects.filter(pk__in={actor for _, _, actor in events}).values_list("pk", "name"))
    return {pk: (name, authors.get(actor or 0, "")) for pk, name, actor in events}


def token_of(link: SignedLink) -> str:
    """Return the token in a link's address: 256 bits that only this instance can make (HMAC-SHA-256)."""
    made = salted_hmac("mainstay.mail.links", str(link.uuid), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def digest_of(token: str) -> str:
    """Return what is stored of a token (SHA-256)."""
    return hashlib.sha256(token.encode()).hexdigest()


def opened_by(token: str) -> SignedLink:
    """Return the link with this token, while it opens something. Raises Missing for any other, whatever is wrong."""
    good = SignedLink.objects.filter(revoked=None, expires__gt=timezone.now(), person__is_active=True)
    found = good.select_related("person", "record").filter(digest=digest_of(token)).first()
    if found is None or found.record.requester_id != found.person_id:
        raise Missing(_("There is nothing here, or you may not see it."))
    return found


def links_for(actor: Actor, record: Record) -> QuerySet[SignedLink]:
    """Return the links that open a record now and that `actor` may revoke: one's own, or all for those who may write
    to its requester."""
    good = SignedLink.objects.filter(record=record, revoked=None, expires__gt=timezone.now())
    if reads_internal(actor, record) and actor.can(f"{record.kind}.comment", record):
        return good
    return good.filter(person_id=actor.person_id or 0)


def quoted_subjects(raw: bytes) -> frozenset[tuple[int, int | None]]:
    """Return the records (ids), with their events (ids) where it is a mail's, that our Message-IDs in a mail name."""
    return subjects_quoted(raw, tag)


def failing_address(person: Person | None) -> FailingAddress | None:
    """Return what is known of a person's present address when mail to it comes back."""
    if person is None or not person.email:
        return None
    return FailingAddress.objects.filter(person=person, address=person.email).first()


def may_answer(event: Event, person: Person) -> bool:
    """Return whether a person may be told of an event by mail, as far as answering machines is concerned.

    What tells somebody of their own mail is an automatic answer: only a person gets one, and one in an hour at most, so
    that no two programs answer each other for ever (RFC 3834, section 2).
    """
    if event.door != "mail" or event.actor_id != person.pk:
        return True
    mail = ReceivedMail.objects.filter(record=event.record_id, comment=event.data.get("comment")).first()
    if mail is None or not mail.answerable:
        return False
    lately = Delivery.objects.filter(person=person, created__gt=timezone.now() - BETWEEN_ANSWERS).values("event_id")
    return not Event.objects.filter(pk__in=lately, door="mail", actor_id=person.pk).exists()
