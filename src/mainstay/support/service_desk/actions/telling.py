"""Telling people of announcements: a slice of them at a time, each once in a round, in the ways they chose."""

from collections.abc import Callable
from email.message import EmailMessage

from django.conf import settings as environment
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mainstay.kernel.jobs.registry import defer
from mainstay.kernel.mail.actions import Postponed, Refused
from mainstay.kernel.mail.letters import notice
from mainstay.kernel.mail.queries import is_configured
from mainstay.kernel.notify.actions import notify_of
from mainstay.kernel.notify.engine import choice_of
from mainstay.kernel.people.models import Person
from mainstay.support.service_desk.models import Announcement, Telling
from mainstay.support.service_desk.models.announcements import MailState
from mainstay.support.service_desk.queries.announcements import TOPIC, audience, subject_of, to_be_told, untold, why
from mainstay.support.service_desk.queries.wording import headline, window

#: How many people are told in one transaction.
SLICE = 200


@transaction.atomic
def tell(pk: int) -> None:
    """Tell the next people whom an announcement concerns, and let a job tell the rest; nobody is told twice."""
    row = to_be_told().select_for_update().filter(pk=pk).first()
    if row is None:
        return
    people = list(untold(row)[:SLICE])
    made = [_telling(row, person) for person in people]
    Telling.objects.bulk_create(made, ignore_conflicts=True)
    by_bell = [each.person_id for each in made if each.in_app]
    notify_of(subject_of(row), row.event_id, event=_event(row), people=by_bell)
    if any(each.mail == MailState.WAITING for each in made):
        defer(
            "service_desk.mail_tellings",
            announcement=row.pk,
            round=row.round,
            people=[each.person_id for each in made if each.mail],
        )
    if len(people) == SLICE:
        defer("service_desk.tell", announcement=row.pk)
    else:
        Announcement.objects.filter(pk=row.pk).update(told_round=row.round)


def _telling(row: Announcement, person: Person) -> Telling:
    choice = choice_of(person.preferences, TOPIC)
    in_app = choice in ("both", "app")
    by_mail = choice in ("both", "mail") and is_configured() and bool(person.email)
    return Telling(
        announcement=row,
        person=person,
        round=row.round,
        in_app=in_app,
        mail=MailState.WAITING if by_mail else MailState.NONE,
        told=timezone.now() if in_app else None,
    )


def _event(row: Announcement) -> str:
    return (
        "announcement.cancelled" if row.cancelled else "announcement.moved" if row.round > 1 else "announcement.created"
    )


def mail_tellings(pk: int, round: int, people: list[int], *, by_way_of: Callable[[EmailMessage], None]) -> None:
    """Mail those who wait for it in one round. Raises Postponed when some of them must be tried again."""
    postponed: Postponed | None = None
    waiting = Telling.objects.filter(announcement=pk, round=round, person__in=people, mail=MailState.WAITING)
    for telling in waiting.values_list("pk", flat=True):
        try:
            _mail(telling, by_way_of)
        except Postponed as error:
            postponed = error
    if postponed:
        raise postponed


@transaction.atomic
def _mail(pk: int, by_way_of: Callable[[EmailMessage], None]) -> None:
    """Mail one person, unless that was done, there is something newer to tell or it concerns them no longer."""
    waiting = Telling.objects.select_for_update(of=("self",)).filter(pk=pk, mail=MailState.WAITING)
    telling = waiting.select_related("announcement", "person").first()
    if telling is None:
        return
    row, person, state, error = telling.announcement, telling.person, MailState.SENT, ""
    if row.round != telling.round or not audience(row).filter(pk=person.pk).exists():
        state = MailState.NONE
    else:
        try:
            by_way_of(_letter(row, person, telling))
        except (Refused, ValueError) as refused:
            state, error = MailState.FAILED, str(refused)
    told = timezone.now() if state == MailState.SENT else None
    Telling.objects.filter(pk=pk).update(mail=state, error=error[:500], told=telling.told or told)


def _letter(row: Announcement, person: Person, telling: Telling) -> EmailMessage:
    """Return the mail to a person, in their language and zone."""
    with translation.override(person.language), timezone.override(person.zone):
        heard = Telling.objects.filter(announcement=row, person=person, round__lt=row.round, told__isnull=False)
        parts = [
            headline(row, again=heard.exists()),
            window(row, zone=True),
            row.reason if row.cancelled else "",
            row.body,
            _("You read this because %(reasons)s.") % {"reasons": _(" and ").join(why(person, row))},
            f"{environment.BASE_URL}/announcements/{row.uuid}/",
            _("You choose which mails you get: %(address)s")
            % {"address": f"{environment.BASE_URL}/notifications/choices/"},
        ]
        message = notice(row.title, [part for part in parts if part], name=person.name, email=person.email or "")
    # Stable, so that a mail sent twice after a crash is one mail to its reader.
    host = str(message["Message-ID"]).rpartition("@")[2]
    message.replace_header("Message-ID", f"<announcement-{row.uuid}-{telling.round}-{person.pk}@{host}")
    return message
