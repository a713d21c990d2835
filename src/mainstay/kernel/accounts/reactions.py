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
from mainstay.kernel.events.models import Event
from mainstay.kernel.events.registry import on
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
