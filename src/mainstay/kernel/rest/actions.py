"""Doing a repeated request once."""

from collections.abc import Callable

from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from mainstay.kernel.people.models import Person
from mainstay.kernel.rest.errors import InFlight, InvalidHeader
from mainstay.kernel.rest.models import KeptAnswer

HEADER = "Idempotency-Key"
KEPT_HEADERS = ("Content-Type", "Location", "ETag", "Cache-Control")
#: The name of the constraint that two equal requests meet when all else failed.
ONE_ANSWER = "one_answer_per_key"

TRY_LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))"


def answer_once(*, person: Person, key: str, fingerprint: str, do: Callable[[], HttpResponse]) -> HttpResponse:
    """Return the answer to a request with this key: the kept one, or that of `do`, which is then kept.

    What `do` changes and the answer are one transaction: after a crash either both stand or neither does. A
    refused request changed nothing, so its answer is not kept and its key is free again. Raises InFlight while
    an equal request is at work, InvalidHeader when the key was used for another request.
    """
    try:
        return _answer_once(person=person, key=key, fingerprint=fingerprint, do=do)
    except IntegrityError as error:
        if ONE_ANSWER in str(error):
            raise _in_flight() from None
        raise


@transaction.atomic
def _answer_once(*, person: Person, key: str, fingerprint: str, do: Callable[[], HttpResponse]) -> HttpResponse:
    # The lock only lets a second request know at once, instead of waiting for the first to end.
    with connection.cursor() as cursor:
        cursor.execute(TRY_LOCK, [f"answer {person.pk} {key}"])
        if cursor.fetchone() != (True,):
            raise _in_flight()
    kept = KeptAnswer.objects.filter(person=person, key=key).first()
    if kept is not None:
        return _replay(kept, fingerprint)
    response = do()
    KeptAnswer.objects.create(
        person=person,
        key=key,
        fingerprint=fingerprint,
        status=response.status_code,
        headers={name: response.headers[name] for name in KEPT_HEADERS if name in response.headers},
        body=response.content,
    )
    return response


def _replay(kept: KeptAnswer, fingerprint: str) -> HttpResponse:
    if kept.fingerprint != fingerprint:
        raise InvalidHeader({HEADER: _("This key was used for another request. Take a new one.")})
    return HttpResponse(bytes(kept.body), status=kept.status, headers=kept.headers)


def _in_flight() -> InFlight:
    return InFlight(_("The same request is being worked on. Ask again in a moment."))
