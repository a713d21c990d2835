"""What schemathesis does before it calls: a good idempotency key is a new one, for a key serves one request only."""

import re
from typing import Any
from uuid import uuid4

import schemathesis

HEADER, KEY = "Idempotency-Key", re.compile(r"[!-~]{1,255}")


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Replace a key that would be taken by one that nobody used."""
    key = case.headers.get(HEADER) if case.headers else None
    if isinstance(key, str) and KEY.fullmatch(key):
        case.headers[HEADER] = uuid4().hex
