"""Who a session belongs to."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import BigIntegerField

from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.statements import Statement

_people = Statement(lambda person: Person.objects.filter(pk=person), person=BigIntegerField())


class PersonBackend(AuthenticationBackend):
    """Signs people in as django-allauth does; every page asks who they are, so the question is written once."""

    def get_user(self, user_id: Any) -> Person | None:
        """Return the person with this id, None for one who is not active or not there."""
        found = _people(person=user_id)
        return found[0] if found and self.user_can_authenticate(found[0]) else None
