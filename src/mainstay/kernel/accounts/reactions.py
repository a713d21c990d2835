"""What follows from a sign-in, and from the end of an account."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_in
from django.dispatch import Signal, receiver
from django.http import HttpRequest

from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.accounts import actions
from mainstay.kernel.accounts.queries import former_email
from mainstay.kernel.events.models import Event
from mainstay.kernel.events.registry import on
from mainstay.kernel.jobs.registry import defer
from mainstay.kernel.people.models import Person


@receiver(user_logged_in)
def note_sign_in(sender: type, request: HttpRequest, user: Person, **details: Any) -> None:
    """Every way of signing in ends in Django's own signal."""
    methods = [str(record["method"]) for record in get_authentication_records(request, user)]
    actions.note_sign_in(by=actor_for(user, door="page"), methods=methods)


@on("person.deactivated")
def end_sessions(event: Event) -> None:
    """A deactivated person is refused by the next request anyway; their sessions go as well."""
    uuid = event.subject.removeprefix("person:")
    for session in UserSession.objects.filter(user__uuid=uuid):
        session.end()


@on("person.edited")
def follow_a_new_address(event: Event) -> None:
    """Tell the former address, and let no link work that was sent there."""
    if "email" in event.changes:
        person = Person.objects.get(uuid=event.subject.removeprefix("person:"))
        actions.end_one_time_tokens(person)
        version, email = former_email(person)
        if email:
            defer("accounts.tell_of_change", person=person.pk, change="email", former=version)


@on("person.password_changed")
def tell_of_new_password(event: Event) -> None:
    """Whoever did not do it learns of it."""
    person = Person.objects.only("pk").get(uuid=event.subject.removeprefix("person:"))
    defer("accounts.tell_of_change", person=person.pk, change="password", former=None)


#: What django-allauth says of second factors, and the event that it leaves.
SECOND_FACTORS = {
    signals.authenticator_added: "person.second_factor_added",
    signals.authenticator_removed: "person.second_factor_removed",
    signals.authenticator_reset: "person.recovery_codes_renewed",
}


@receiver(list(SECOND_FACTORS))
def note_second_factor(signal: Signal, user: Person, authenticator: Authenticator, **details: Any) -> None:
    """Whatever protects an account leaves an event when it changes."""
    actions.note_second_factor(SECOND_FACTORS[signal], by=actor_for(user, door="page"), kind=authenticator.type)
