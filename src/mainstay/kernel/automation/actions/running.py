"""Asking the rules about a record, in the transaction that made or changed it, and doing what they want."""

from collections.abc import Collection
from contextvars import ContextVar
from dataclasses import asdict
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from mainstay.kernel.access.actor import system
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.automation.engine.choosing import in_order
from mainstay.kernel.automation.engine.planning import CREATED, Plan, plan
from mainstay.kernel.automation.models import Trace, Turn
from mainstay.kernel.automation.queries.books import Kept, kept
from mainstay.kernel.automation.queries.candidates import candidates, is_open
from mainstay.kernel.automation.queries.facts import facts_of
from mainstay.kernel.automation.registry import Automated, actions_of, automated, fields_of
from mainstay.kernel.events.actions import emit
from mainstay.kernel.people.models import Person, Team
from mainstay.kernel.practice.errors import Refusal
from mainstay.kernel.records.models import Watch

#: Whether rules are at work: what they and their consequences change starts none.
_running: ContextVar[bool] = ContextVar("rules are running", default=False)


def ask_rules(record: Any, names: frozenset[str], new: bool, undecided: frozenset[str]) -> None:
    """Ask the rules of a record that is new of its kind, or of which the fields `names` were set.

    Whatever rules want that is not possible is kept as such; it never refuses what somebody did.
    """
    subject = automated().get(record.kind)
    if subject is None or _running.get():
        return
    occasions = _occasions(record.kind, names, new)
    if not occasions:
        return
    known = kept()
    if not known.books[record.kind].listens(occasions):
        return
    token = _running.set(True)
    try:
        _run(subject, _whole(record, subject), occasions, undecided, known)
    finally:
        _running.reset(token)


def _occasions(kind: str, names: frozenset[str], new: bool) -> frozenset[str]:
    if new:
        return frozenset({CREATED})
    return frozenset(field.name for field in fields_of(kind).values() if field.watches in names)


def _whole(record: Any, subject: Automated) -> Any:
    """Return the record with what its kind has beyond every record."""
    return record if isinstance(record, subject.model) else subject.model._default_manager.get(pk=record.pk)


def _run(subject: Automated, record: Any, occasions: frozenset[str], undecided: frozenset[str], known: Kept) -> None:
    facts = facts_of(record, known, undecided)
    made = plan(known.books[record.kind], facts, occasions)
    trace = Trace(kind=record.kind, record_id=record.pk, occasions=sorted(occasions), facts=facts)
    trace.steps, trace.wanted = [asdict(step) for step in made.steps], made.wanted
    if made.wanted:
        try:
            with transaction.atomic():
                trace.choice = _do(subject, record, made, known, bool(undecided & {"team"}))
        except Refusal as refused:
            trace.failed = refused.message[:500]
            record.refresh_from_db()
    trace.save(force_insert=True)


def _do(subject: Automated, record: Any, made: Plan, known: Kept, undecided: bool) -> dict[str, Any] | None:
    """Do what the rules want, and return how a person was chosen, if one was to be."""
    by, why = system("rule"), ", ".join(step.name for step in made.steps if step.does)[:500]
    wanted = made.wanted
    values = {
        name: action.edits(wanted[name])
        for name, action in actions_of(record.kind).items()
        if action.edits and name in wanted
    }
    if values:
        subject.edit(record, by=by, version=record.version, values=values, reason=why)
    team = Team.objects.get(slug=wanted["team"]) if "team" in wanted else record.team
    choice, person = None, None
    if team and "assignee" in wanted:
        choice = _choose(subject, record, team, wanted, known)
        person = Person.objects.get(uuid=choice["chosen"]) if choice["chosen"] else None
    if team and (person or ("team" in wanted and (undecided or team != record.team))):
        subject.assign(record, by=by, team=team, person=person, reason=why)
    _let_watch(subject, record, wanted.get("watchers", ()))
    _call(subject, record, wanted.get("call", ()), why)
    return choice


def _choose(subject: Automated, record: Any, team: Team, wanted: dict[str, Any], known: Kept) -> dict[str, Any]:
    """Choose a person of a team. Choices within a team follow each other, so that no two take the same turn."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('automation turns'), %s)", [team.pk])
    strategy, hours = wanted["assignee"], wanted.get("hours", "")
    path = set(known.paths.get(record.category_id or 0, ()))
    skills = [slug for slug, categories in known.skills.items() if categories & path]
    found = candidates(subject, team, skills)
    open_now = is_open(hours, timezone.now())
    order = in_order(strategy, found) if open_now else []
    if order:
        turn = max(one.turn for one in found) + 1
        person = Person.objects.get(uuid=order[0].person)
        Turn.objects.update_or_create(team=team, person=person, defaults={"turn": turn})
    return {
        "strategy": strategy,
        "team": team.slug,
        "hours": hours,
        "open": open_now,
        "candidates": [asdict(one) for one in found],
        "chosen": order[0].person if order else None,
    }


def _members(subject: Automated, record: Any, teams: Collection[str]) -> list[Person]:
    """Return the members of teams who may read the internal part of a record."""
    rows = Team.objects.filter(slug__in=teams, retired=None)
    people = {person.pk: person for team in rows for person in subject.people(team)}
    needed = f"{record.kind}.read_internal"
    return [one for one in people.values() if actor_for(one, door="rule").can(needed, record)]


def _let_watch(subject: Automated, record: Any, teams: Collection[str]) -> None:
    if teams:
        watches = [Watch(record_id=record.pk, person=one) for one in _members(subject, record, teams)]
        Watch.objects.bulk_create(watches, ignore_conflicts=True)


def _call(subject: Automated, record: Any, teams: Collection[str], why: str) -> None:
    people = [one.pk for one in _members(subject, record, teams)] if teams else []
    if people:
        emit(f"{record.kind}.called", by=system("rule"), record_id=record.pk, data={"people": people}, reason=why)
