"""Where attempts are counted for all processes: a table of the database that holds JSON and nothing else.

Django's own cache in the database loads Python objects from it, which would run whatever somebody with a way into
that table wrote there.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection
from django.utils import timezone

GET = "SELECT value FROM accounts_attempts WHERE cache_key = %s AND expires > %s"
SET = """
INSERT INTO accounts_attempts (cache_key, value, expires) VALUES (%s, %s, %s)
ON CONFLICT (cache_key) DO UPDATE SET value = EXCLUDED.value, expires = EXCLUDED.expires
"""
#: Only where there is none, or one that has expired; of two at once one is told that it was first.
ADD = f"{SET} WHERE accounts_attempts.expires <= %s"
DELETE = "DELETE FROM accounts_attempts WHERE cache_key = %s"
CLEAR = "DELETE FROM accounts_attempts"
#: A few of those that have expired; whoever else is at it is not waited for.
SWEEP = """
DELETE FROM accounts_attempts WHERE cache_key IN (
    SELECT cache_key FROM accounts_attempts WHERE expires <= %s LIMIT 20 FOR UPDATE SKIP LOCKED
)
"""
FOR_EVER = timedelta(days=36500)


class Attempts(BaseCache):
    """Named by `CACHES`."""

    def __init__(self, location: str, parameters: dict[str, Any]) -> None:
        super().__init__(parameters)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(GET, [self.make_and_validate_key(key, version), timezone.now()])
            row = cursor.fetchone()
        return json.loads(row[0]) if row else default

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._write(SWEEP, timezone.now())
        self._write(SET, *self._row(key, value, timeout, version))

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._write(ADD, *self._row(key, value, timeout, version), timezone.now()) > 0

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        found = self.get(key, version=version)
        if found is not None:
            self.set(key, found, timeout, version)
        return found is not None

    def delete(self, key: Any, version: int | None = None) -> bool:
        return self._write(DELETE, self.make_and_validate_key(key, version)) > 0

    def clear(self) -> None:
        self._write(CLEAR)

    def _row(self, key: Any, value: Any, timeout: Any, version: int | None) -> tuple[str, str, datetime]:
        until = self.get_backend_timeout(timeout)
        expires = timezone.now() + FOR_EVER if until is None else datetime.fromtimestamp(until, UTC)
        return self.make_and_validate_key(key, version), json.dumps(value), expires

    def _write(self, statement: str, *values: Any) -> int:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            written: int = cursor.rowcount
        return written
