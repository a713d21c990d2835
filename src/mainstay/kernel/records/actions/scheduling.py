"""Writing a reply now that is sent later, unless it is no longer right by then."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor, system
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.events.actions import emit
from mainstay.kernel.practice.errors import Invalid, NotPermitted, NotPossible, Refusal
from mainstay.kernel.records.actions.conversation import checked_body, comment
from mainstay.kernel.records.actions.promising import FURTHEST
from mainstay.kernel.records.models import Comment, Record, ReplyState, ScheduledReply, Visibility
from mainstay.kernel.records.queries import require

#: So many replies may wait on a record.
MOST = 20


@transaction.atomic
def schedule_reply(
    record: Record, *, by: Actor, body: str, at: datetime, even_if_answered: bool = False
) -> ScheduledReply:
    """Let a public comment of the actor be written at `at` (UTC), within the next year.

    It is left out, and its author told, when somebody else wrote to the requester meanwhile or the requester did,
    unless `even_if_answered`; when the record is closed; and when its author may no longer write there. Needs the
    right to read the internal part and `comment`. Raises Invalid, and NotPossible for a closed record and for too many.
    """
    _check(record, by)
    if by.person is None:
        raise NotPermitted(_("Sign in first."))
    Record.objects.select_for_update().get(pk=record.pk)
    if ScheduledReply.objects.filter(record_id=record.pk, state=ReplyState.WAITING).count() >= MOST:
        raise NotPossible(_("So many replies wait here already: %(number)d.") % {"number": MOST})
    values = {"body": checked_body(body), "at": _checked(at), "even_if_answered": even_if_answered}
    reply = ScheduledReply.objects.create(record_id=record.pk, author=by.person, **values)
    _tell("reply_scheduled", reply, by)
    return reply


@transaction.atomic
def change_reply(reply: ScheduledReply, *, by: Actor, body: str, at: datetime, even_if_answered: bool) -> None:
    """Change a reply that still waits; what was written on the record before is known now. Its author alone may.

    Raises NotPossible when it waits no longer, and what scheduling raises.
    """
    _check(reply.record, by)
    if by.person is None or reply.author_id != by.person.pk:
        raise NotPermitted(_("Only its author changes a reply; you may take it back."))
    _hold(reply)
    values = {"body": checked_body(body), "at": _checked(at), "even_if_answered": even_if_answered}
    ScheduledReply.objects.filter(pk=reply.pk).update(**values, written=timezone.now())
    _tell("reply_changed", reply, by)


@transaction.atomic
def take_back_reply(reply: ScheduledReply, *, by: Actor) -> None:
    """Let a reply that still waits not be sent. Raises NotPossible when it waits no longer."""
    for needed in ("read_internal", "comment"):
        require(by, needed, reply.record)
    _hold(reply)
    ScheduledReply.objects.filter(pk=reply.pk).update(state=ReplyState.TAKEN_BACK)
    _tell("reply_taken_back", reply, by)


@transaction.atomic
def send_reply(reply: ScheduledReply, *, now: datetime) -> None:
    """Write a reply that is due at `now` (UTC), or leave it out and tell its author why; once, whoever does it."""
    waiting = ScheduledReply.objects.select_for_update(of=("self",)).select_related("author", "record")
    found = waiting.filter(pk=reply.pk, state=ReplyState.WAITING, at__lte=now).first()
    if found is None:
        return
    try:
        with transaction.atomic():
            _send(found)
    except Refusal as refused:
        ScheduledReply.objects.filter(pk=found.pk).update(state=ReplyState.LEFT_OUT, why=refused.message[:500])
        _tell("reply_left_out", found, system("job"), reason=refused.message[:500])
    else:
        ScheduledReply.objects.filter(pk=found.pk).update(state=ReplyState.SENT)


def _send(reply: ScheduledReply) -> None:
    # Whoever writes at this very moment comes before, and is seen, or after.
    record = Record.objects.select_for_update().get(pk=reply.record_id)
    if not reply.author.is_active:
        raise NotPermitted(_("Its author may no longer write."))
    if record.state_category == "closed":
        raise NotPossible(_("The case is closed."))
    since = Comment.objects.filter(record=record, visibility=Visibility.PUBLIC, written__gt=reply.written)
    if not reply.even_if_answered and since.exclude(author=reply.author).exists():
        raise NotPossible(_("Something was written meanwhile."))
    comment(record, by=actor_for(reply.author, door="job"), body=reply.body)


def _check(record: Record, by: Actor) -> None:
    for needed in ("read_internal", "comment"):
        require(by, needed, record)
    if record.state_category == "closed":
        raise NotPossible(_("The case is closed."))


def _checked(at: datetime) -> datetime:
    now = timezone.now()
    if not now < at <= now + FURTHEST:
        raise Invalid({"at": _("Choose a time within the next year.")})
    return at


def _hold(reply: ScheduledReply) -> None:
    """Keep a waiting reply from being sent until the transaction ends. Raises NotPossible when it waits no longer."""
    waiting = ScheduledReply.objects.select_for_update().filter(pk=reply.pk, state=ReplyState.WAITING)
    if waiting.first() is None:
        raise NotPossible(_("It was sent or taken back already."))


def _tell(past: str, reply: ScheduledReply, by: Actor, reason: str = "") -> None:
    kind = Record.objects.values_list("kind", flat=True).get(pk=reply.record_id)
    emit(f"{kind}.{past}", by=by, record_id=reply.record_id, data={"author": reply.author_id}, reason=reason)
