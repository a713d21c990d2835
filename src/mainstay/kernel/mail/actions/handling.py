"""What becomes of a mail that was taken in: an answer on a record, a new record, or nothing for a reason."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mainstay.kernel.access.actions import give
from mainstay.kernel.access.actor import Actor, system
from mainstay.kernel.access.engine.decision import Standing
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.mail import queries
from mainstay.kernel.mail.actions.bounces import clear_failing, mark_failing
from mainstay.kernel.mail.engine import (
    Authenticity,
    Classification,
    Letter,
    Sender,
    Unreadable,
    authenticity,
    classify,
    cut,
    shown,
)
from mainstay.kernel.mail.engine.marks import title_of
from mainstay.kernel.mail.models import Mailbox, MailState, ReceivedMail
from mainstay.kernel.mail.registry import NewMail, become
from mainstay.kernel.people.actions import create_person, provide_people
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.errors import Invalid, NotPermitted, Refusal
from mainstay.kernel.records import actions as records
from mainstay.kernel.records.actions.attachment import MOST_FILES
from mainstay.kernel.records.actions.conversation import LONGEST_COMMENT
from mainstay.kernel.records.models import Comment, Record
from mainstay.kernel.records.queries import find

#: A mail whose handling was begun so often without an end is set aside, whatever ended it.
MOST_TRIES = 5
LONGEST_TITLE, LONGEST_ADDRESS = 250, 254
#: What a machine wrote about mail itself, or we: nobody is to work on it.
IGNORED = (Sender.BOUNCE, Sender.ABSENCE, Sender.OWN, Sender.LOOP)


@dataclass(frozen=True)
class Outcome:
    """What a mail became: its state with the reason for it, and what was written."""

    state: MailState
    reason: str = ""
    detail: str = ""
    record: Record | None = None
    comment: Comment | None = None
    folded: str = ""
    refused_files: Sequence[dict[str, str]] = ()


def handle(pk: int, *, read: Callable[[bytes], Letter]) -> None:
    """Let a waiting mail become what it is to be, in one transaction; a mail that is handled already stays so.

    `read` tells what a mail says, or raises Unreadable: then it is set aside. What an action refuses sets it aside with
    the words of the refusal, for somebody to look at.
    """
    if not _tries_left(pk):
        return
    with transaction.atomic():
        waiting = ReceivedMail.objects.select_for_update(of=("self",)).filter(pk=pk, state=MailState.WAITING)
        mail = waiting.select_related("mailbox__organisation", "mailbox__role", "content").first()
        if mail is None:
            return
        raw = queries.original(mail)
        try:
            letter = read(raw)
        except Unreadable as poison:
            _set_aside(mail, poison)
            return
        found = _classified(letter)
        if found.sender is Sender.BOUNCE:
            mark_failing(found.deliveries, raw, by=system("mail"))
        try:
            with transaction.atomic(), translation.override(mail.mailbox.language):
                outcome = _outcome(mail, letter, found)
        except Refusal as refused:
            outcome = Outcome(MailState.QUARANTINED, "refused", refused.message)
        _write(mail, letter, outcome, found)


def set_aside_exhausted() -> None:
    """Set aside what was begun too often, as when it ends the worker each time."""
    exhausted = ReceivedMail.objects.filter(state=MailState.WAITING, attempts__gte=MOST_TRIES)
    exhausted.update(state=MailState.QUARANTINED, reason="gave_up", handled=timezone.now())


def _tries_left(pk: int) -> bool:
    """Count a try, in a transaction of its own that outlives whatever happens to it; return whether it may begin."""
    waiting = ReceivedMail.objects.filter(pk=pk, state=MailState.WAITING)
    if waiting.filter(attempts__lt=MOST_TRIES).update(attempts=models.F("attempts") + 1):
        return True
    set_aside_exhausted()
    return False


def _set_aside(mail: ReceivedMail, why: Unreadable) -> None:
    """Set a mail aside that could not be read within its bounds; trying again would cost the same again."""
    ReceivedMail.objects.filter(pk=mail.pk).update(
        state=MailState.QUARANTINED, reason="poison", detail=str(why), handled=timezone.now()
    )


def _write(mail: ReceivedMail, letter: Letter, outcome: Outcome, found: Classification) -> None:
    ReceivedMail.objects.filter(pk=mail.pk).update(
        state=outcome.state,
        reason=outcome.reason,
        detail=outcome.detail[:500],
        record=outcome.record,
        comment=outcome.comment,
        folded=outcome.folded,
        refused_files=list(outcome.refused_files),
        sender=letter.sender.address[:320] if letter.sender else "",
        subject=letter.subject.replace("\x00", "")[:250],
        answerable=found.answerable,
        authenticity=_proof(mail, letter) or "",
        has_html=bool(letter.html.strip()),
        handled=timezone.now(),
    )


def _proof(mail: ReceivedMail, letter: Letter) -> Authenticity | None:
    """Return what the server that the mailbox trusts found about the sender; None where it trusts none."""
    server = mail.mailbox.authentication_server
    return authenticity(letter, server) if server else None


def _outcome(mail: ReceivedMail, letter: Letter, found: Classification) -> Outcome:
    """Decide what a mail becomes, and let it become that."""
    proof = _proof(mail, letter)
    if not mail.released:
        if letter.refused:
            return Outcome(MailState.QUARANTINED, letter.refused.slug, letter.refused.detail)
        if found.sender in IGNORED:
            return Outcome(MailState.IGNORED, found.sender.value, found.reason)
        if proof in (Authenticity.FORGED, Authenticity.UNCHECKED):
            return Outcome(MailState.QUARANTINED, proof.value)
    person = _sender(letter)
    believed = mail.released or proof in (None, Authenticity.PROVEN)
    if person is not None and believed:
        clear_failing(person, by=system("mail"))
    record = queries.answered_record(mail, letter)
    if record is not None and person is not None and believed:
        by = actor_for(person, door="mail")
        record = find.going_on(by, record)
        goes_on = record.state_category != "closed" or record.merged_into_id is not None
        if goes_on and by.can(f"{record.kind}.comment", record):
            return _answer(mail, letter, record, by)
    return _new(mail, letter, person or _stranger(mail.mailbox, letter), record)


def _classified(letter: Letter) -> Classification:
    own = {queries.host()} if queries.is_own_id(letter.message_id) else ()
    return classify(letter, queries.own_addresses(), own)


def _sender(letter: Letter) -> Person | None:
    """Return the active person who has the sender's address."""
    if letter.sender is None:
        return None
    return Person.objects.filter(email__iexact=letter.sender.address, is_active=True).first()


def _stranger(mailbox: Mailbox, letter: Letter) -> Person:
    """Return a person made from name and address, who has no password and only the role that the mailbox gives.

    Somebody deactivated, or a mail without a usable sender, gets a name in the organisation and no address.
    """
    by, organisation = system("mail"), mailbox.organisation
    email = letter.sender.address if letter.sender else ""
    said = letter.sender.name if letter.sender else ""
    name = " ".join((said or email).replace("\x00", "").split())[:200] or _("Unknown sender")
    if not _answerable(email) or Person.objects.filter(email__iexact=email).exists():
        return Person.objects.get(pk=provide_people([name], by=by, organisation=organisation)[name])
    person = create_person(by=by, name=name, organisation=organisation, email=email, language=mailbox.language)
    if mailbox.role is not None and mailbox.role.retired is None:
        give(mailbox.role, by=by, organisation=organisation, person=person)
    return person


def _answerable(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return len(email) <= LONGEST_ADDRESS


def _answer(mail: ReceivedMail, letter: Letter, record: Record, by: Actor) -> Outcome:
    """Write what is new in an answer as a public comment of its sender."""
    fragments = cut(letter.text, letter.sender.name if letter.sender else "")
    folded = "\n".join(fragment.text for fragment in fragments if fragment.hidden).strip()
    body = shown(fragments).strip()[:LONGEST_COMMENT] or _("(no text)")
    comment = records.comment(record, by=by, body=body)
    refused = _attach(record, letter, by, comment)
    _let_copies_watch(mail.mailbox, letter, record)
    return Outcome(MailState.TAKEN, record=record, comment=comment, folded=folded, refused_files=refused)


def _new(mail: ReceivedMail, letter: Letter, person: Person, answered: Record | None) -> Outcome:
    """Open what a new mail becomes; where it answered something that its sender may not write to, link the two.

    Whoever writes to us may do so whatever rights they hold: the act is theirs, the permission ours. Being its
    author, they also get no answer from a program that could go round in circles.
    """
    by = Actor(Standing(person.pk, unbounded=True), "mail", person)
    mailbox = mail.mailbox
    opened = become(
        NewMail(
            title=title_of(letter.subject)[:LONGEST_TITLE].strip() or _("(no subject)"),
            text=letter.text.strip()[:LONGEST_COMMENT],
            requester=person,
            team=mailbox.team if mailbox.team and mailbox.team.retired is None else None,
            category=mailbox.category if mailbox.category and mailbox.category.retired is None else None,
        ),
        by,
    )
    refused = _attach(opened, letter, by, None)
    if answered is not None:
        own = answered.requester_id == person.pk
        records.link(opened, "follows" if own else "relates_to", answered, by=system("mail"))
    _let_copies_watch(mailbox, letter, opened)
    return Outcome(MailState.TAKEN, record=opened, refused_files=refused)


def _attach(record: Record, letter: Letter, by: Actor, comment: Comment | None) -> list[dict[str, str]]:
    """Add the files that the rules for files let in; return the others, which stay in the original, with the reason."""
    refused: list[dict[str, str]] = []
    for number, file in enumerate(letter.attachments):
        try:
            if number >= MOST_FILES:
                raise Invalid({"file": _("Send at most %(number)d files at once.") % {"number": MOST_FILES}})
            with transaction.atomic():
                records.attach(record, by=by, name=file.name, stream=io.BytesIO(file.content), comment=comment)
        except (Invalid, NotPermitted) as error:
            refused.append({"name": file.name, "why": error.message})
    return refused


def _let_copies_watch(mailbox: Mailbox, letter: Letter, record: Record) -> None:
    """Let known people who got a copy watch the record, where the mailbox wants it and they may see it."""
    if not mailbox.copies_watch:
        return
    addresses = {copy.address.lower() for copy in (*letter.to, *letter.cc)} - queries.own_addresses()
    for person in Person.objects.filter(email__in=addresses, is_active=True).exclude(pk=record.requester_id or 0)[:50]:
        actor = actor_for(person, door="mail")
        if actor.can(f"{record.kind}.read", record):
            records.watch(record, by=actor)
