"""What happens to accounts: people come in, fail to, or make the first administrator."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from email.message import EmailMessage

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mainstay.kernel.access.actions import give
from mainstay.kernel.access.actor import Actor, system
from mainstay.kernel.access.models import Role
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.accounts import letters
from mainstay.kernel.accounts.models import OneTimeToken
from mainstay.kernel.accounts.queries import forgetful_person, former_email, one_time_token
from mainstay.kernel.events.actions import emit
from mainstay.kernel.jobs.registry import defer
from mainstay.kernel.mail.actions import send_notice
from mainstay.kernel.people.actions import create_person, edit_person
from mainstay.kernel.people.engine.secret import digest, new_secret
from mainstay.kernel.people.models import Organisation, Person
from mainstay.kernel.practice.errors import Missing, NotPossible
from mainstay.kernel.web.actions import choose_preference

#: What whoever installs the product may do: administer it, and report a problem like everybody.
FIRST_ROLES = ("administrator", "requester")
#: How long a one-time token lives.
TOKEN_LIVES = {
    OneTimeToken.Purpose.FIRST_ADMINISTRATOR: timedelta(days=1),
    OneTimeToken.Purpose.NEW_PASSWORD: timedelta(hours=1),
}


@transaction.atomic
def note_sign_in(*, by: Actor, methods: list[str]) -> None:
    """Leave an event of a successful sign-in, with how it was done."""
    if by.person is not None:
        emit("person.signed_in", by=by, subject=f"person:{by.person.uuid}", data={"methods": methods})


@transaction.atomic
def note_failed_sign_in(*, email: str) -> None:
    """Leave an event of a failed sign-in. The address typed is not kept: it may be a password."""
    person = Person.objects.filter(email__iexact=email).only("uuid").first() if email else None
    emit("person.sign_in_failed", by=Actor(), subject=f"person:{person.uuid}" if person else "")


@transaction.atomic
def note_second_factor(event: str, *, by: Actor, kind: str) -> None:
    """Leave an event of a second factor that was added, removed or renewed."""
    if by.person is not None:
        emit(event, by=by, subject=f"person:{by.person.uuid}", data={"kind": kind})


@transaction.atomic
def create_first_administrator(token: str, *, name: str, email: str, password: str) -> Person:
    """Redeem the token printed at the first start: make the first administrator of the instance.

    Raises Missing for a token that is unknown, used or expired, Invalid for refused values.
    """
    redeem(OneTimeToken.Purpose.FIRST_ADMINISTRATOR, token)
    by = system("page")
    organisation = Organisation.objects.filter(parent=None).earliest("id")
    person = create_person(by=by, name=name, email=email, password=password, organisation=organisation)
    for role in Role.objects.filter(slug__in=FIRST_ROLES):
        give(role, by=by, organisation=organisation, person=person)
    return person


@transaction.atomic
def create_requester(*, name: str, email: str, organisation: str) -> Person:
    """Make a person whom a trusted system vouched for: a requester of one organisation, and nothing more."""
    by = system("page")
    home = Organisation.objects.get(slug=organisation, retired=None)
    person = create_person(by=by, name=name, email=email, organisation=home)
    give(Role.objects.get(slug="requester"), by=by, organisation=home, person=person)
    return person


@transaction.atomic
def edit_profile(*, by: Actor, name: str, language: str, zone: str, **preferences: str) -> None:
    """Change the actor's own name, language, time zone and choices of the screen."""
    assert by.person is not None
    edit_person(by.person, by=by, values={"name": name, "language": language, "zone": zone})
    for key, value in preferences.items():
        choose_preference(by=by, key=key, value=value)


@transaction.atomic
def set_password(person: Person, *, by: Actor, password: str) -> None:
    """Give a person a new password; every session begun with the old one ends with its next request."""
    person.set_password(password)
    person.save(update_fields=["password"])
    end_one_time_tokens(person)
    emit("person.password_changed", by=by, subject=f"person:{person.uuid}")


def ask_for_new_password(*, email: str) -> None:
    """Have a link for a new password mailed to whoever signs in with this address.

    A job is deferred whether there is somebody or not, so that neither answer nor time tells.
    """
    person = Person.objects.filter(email__iexact=email).only("pk").first()
    defer("accounts.send_new_password", person=person.pk if person else None)


def send_new_password(pk: int | None, *, by_way_of: Callable[[EmailMessage], None]) -> None:
    """Mail a link for a new password to a person who signs in by one; nothing to anybody else. Raises Postponed."""
    if (person := forgetful_person(pk)) is None:
        return
    with translation.override(person.language):
        if send_notice(lambda: letters.new_password(person, _new_password_token(person)), by_way_of=by_way_of):
            _note_link(person)


def _new_password_token(person: Person) -> str:
    return new_one_time_token(OneTimeToken.Purpose.NEW_PASSWORD, person=person)


@transaction.atomic
def _note_link(person: Person) -> None:
    emit("person.new_password_sent", by=system("job"), subject=f"person:{person.uuid}")


def tell_of_change(pk: int, change: str, former: int | None, *, by_way_of: Callable[[EmailMessage], None]) -> None:
    """Mail a person that their password or their address was changed; the latter to the former address.

    `former` is the key of the row in their history that holds it. Raises Postponed.
    """
    person = Person.objects.get(pk=pk)
    email = person.email if former is None else former_email(person, former)[1]
    if email:
        with translation.override(person.language):
            send_notice(lambda: letters.changed(change, person.name, email), by_way_of=by_way_of)


@transaction.atomic
def choose_password(text: str, *, password: str) -> None:
    """Give a new password to the person whose one-time token it is; whoever has a second step still needs it.

    Raises Missing for a token that is unknown, used or expired, or whose person may no longer sign in.
    """
    person = redeem(OneTimeToken.Purpose.NEW_PASSWORD, text).person
    if person is None or not person.is_active:
        raise Missing(_("This link has been used, or its time has passed. Ask for a new one."))
    set_password(person, by=actor_for(person, door="page"), password=password)


def end_one_time_tokens(person: Person) -> None:
    """Let no link that was sent to a person open anything any more."""
    OneTimeToken.objects.filter(person=person, used=None).update(used=timezone.now())


@transaction.atomic
def new_one_time_token(purpose: OneTimeToken.Purpose, *, person: Person | None = None) -> str:
    """Return a new secret that opens one thing once, for `person` if it is about one; former ones end."""
    OneTimeToken.objects.filter(purpose=purpose, person=person, used=None).update(used=timezone.now())
    text = new_secret()
    OneTimeToken.objects.create(
        purpose=purpose, person=person, digest=digest(text), expires=timezone.now() + TOKEN_LIVES[purpose]
    )
    return text


def first_administrator_token() -> str:
    """Return the token with which the first administrator is made, at `/accounts/first-administrator/TOKEN/`.

    Raises NotPossible when there are people already: an account is then made by an administrator.
    """
    if Person.objects.exists():
        raise NotPossible(_("This instance has people already. Let an administrator make the account."))
    return new_one_time_token(OneTimeToken.Purpose.FIRST_ADMINISTRATOR)


@transaction.atomic
def redeem(purpose: OneTimeToken.Purpose, text: str) -> OneTimeToken:
    """Use up a one-time token and return it; of two at the same moment one wins. Raises Missing if it is no good."""
    token = one_time_token(purpose, text)
    if not OneTimeToken.objects.filter(pk=token.pk, used=None).update(used=timezone.now()):
        raise Missing(_("This link has been used. Ask for a new one."))
    return token


def end_session(session: int, *, by: Actor) -> None:
    """Sign one of the actor's own sessions out. Raises Missing when it is not theirs."""
    found = UserSession.objects.filter(user_id=by.person_id, pk=session).first()
    if found is None:
        raise Missing(_("There is nothing here, or you may not see it."))
    _end([found], by)


def end_sessions(*, by: Actor, but: str | None = None) -> None:
    """Sign every session of the actor out, but for the one with the key `but`."""
    _end(UserSession.objects.filter(user_id=by.person_id).exclude(session_key=but), by)


@transaction.atomic
def _end(sessions: Iterable[UserSession], by: Actor) -> None:
    ended = [session.pk for session in sessions]
    for session in UserSession.objects.filter(pk__in=ended):
        session.end()
    if ended and by.person is not None:
        emit("person.sessions_ended", by=by, subject=f"person:{by.person.uuid}", data={"sessions": len(ended)})
