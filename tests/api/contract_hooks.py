"""What schemathesis does before it calls with good data: it fills in what only those who know the stage can know.

References lead to rows that exist, instants lie ahead, and an idempotency key is new, for a key serves one request
only. Bad data stays as bad as it was made.
"""

import json
import os
import re
from datetime import UTC, datetime, timedelta
from itertools import count, cycle
from typing import Any
from uuid import uuid4

import schemathesis

HEADER, KEY = "Idempotency-Key", re.compile(r"[!-~]{1,255}")
AHEAD = "2099-12-31T08:00:00Z"
KNOWN: dict[str, Any] = {
    **dict.fromkeys(("requester", "person", "owner", "leader", "speaker"), "adam@acme.example"),
    **dict.fromkeys(("category", "closing_category"), "other"),
    **dict.fromkeys(("until", "due", "worked"), AHEAD),
    "team": "desk",
    "target": os.environ.get("CONTRACT_TARGET"),
    "minutes": 5,
    "next_update": None,
    "parent": None,
    "comments": [os.environ.get("CONTRACT_COMMENT")],
    "cases": [os.environ.get("CONTRACT_TARGET")],
    "step": None,
    "answer": 0,
    "attributes": {},
    "condition": "",
    "occasions": ["created"],
    "does": {"team": "desk"},
}


#: The number that operations are called with which name none of their own, and those that some need in its place.
NUMBER = os.environ.get("CONTRACT_NUMBER")
NUMBERS = {name: cycle(numbers) for name, numbers in json.loads(os.environ.get("CONTRACT_NUMBERS", "{}")).items()}
YEARS = count(2060)
#: The records that were given to the second team last.
WITH_SECOND: set[str] = set()
TO_MERGE = cycle(json.loads(os.environ.get("CONTRACT_TO_MERGE", "[]")))


#: Texts of this length are tried with a simpler pattern: with the length folded into theirs, to read it takes two
#: seconds, and it is read for every way to spoil a field. Alternatives are left as they are.
LONG, SOMETHING = 10_000, r"(\S|\S\S)"


@schemathesis.hook
def before_load_schema(context: Any, raw_schema: Any) -> None:
    """Ask of long texts only that there be something, where that is asked."""
    parts = [raw_schema]
    while parts:
        part = parts.pop()
        parts += [each for each in (part.values() if isinstance(part, dict) else part) if isinstance(each, dict | list)]
        is_long = isinstance(part, dict) and isinstance(part.get("maxLength"), int) and part["maxLength"] >= LONG
        if is_long and "\\s" in part.pop("pattern", ""):
            part["pattern"] = SOMETHING


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Put in place of made-up references those that exist."""
    numbers = NUMBERS.get(case.operation.definition.raw.get("operationId"))
    if numbers and case.path_parameters.get("number") == NUMBER:
        case.path_parameters["number"] = next(numbers)
    if case.meta is None or case.meta.generation.mode.is_negative:
        return
    key = case.headers.get(HEADER) if case.headers else None
    if isinstance(key, str) and KEY.fullmatch(key):
        case.headers[HEADER] = uuid4().hex
    if isinstance(case.body, dict):
        case.body.update({name: value for name, value in KNOWN.items() if name in case.body})
        if case.path.endswith("/absences"):
            year = next(YEARS)
            case.body |= {"begins": f"{year}-06-01T08:00:00Z", "ends": f"{year}-06-02T08:00:00Z", "substitute": None}
        if "/announcements" in case.path and case.method in ("POST", "PATCH"):
            times = {"begins": "2098-06-01T08:00:00Z", "ends": AHEAD, "everybody": False, "public": False}
            case.body |= {**times, "organisations": ["acme"], "teams": ["desk"]} if "/actions/" not in case.path else {}
        if case.path.endswith("/merged"):
            case.body["record"] = next(TO_MERGE)
        if "/scheduled-replies" in case.path and "at" in case.body:
            case.body["at"] = f"{datetime.now(UTC) + timedelta(days=30):%Y-%m-%dT%H:%M:%SZ}"
        if case.path.endswith("/snooze"):
            case.body["until"] = None
        if case.path.endswith("/followers"):
            case.body["records"] = [KNOWN["target"]]
        if case.path.endswith("/actions/hold"):
            case.body["reason"] = "vendor"
        if case.path.endswith("/actions/assign"):
            case.body["team"] = KNOWN["team"]
        if case.path.endswith(("/actions/hand_over", "/actions/escalate")):
            case.body |= {"team": _another_team(case.path_parameters["number"]), "reason": "Because."}
            case.body.pop("person", None)


def _another_team(number: str) -> str:
    """Return a team that does not have the record: the one that it was not given last."""
    WITH_SECOND.symmetric_difference_update({number})
    return "second" if number in WITH_SECOND else "desk"
