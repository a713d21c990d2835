"""Sessions in the database, as Django keeps them; every page asks for one, so the question is written once."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField
from django.utils import timezone

from mainstay.kernel.practice.statements import Statement

_current = Statement(
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now), key=CharField(), now=DateTimeField()
)


class SessionStore(db.SessionStore):
    """Named by `SESSION_ENGINE`."""

    def _get_session_from_db(self) -> Session | None:
        found = _current(key=self.session_key, now=timezone.now())
        if not found:
            self._session_key = None
        return found[0] if found else None
