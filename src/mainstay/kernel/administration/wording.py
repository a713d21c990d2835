"""Events in words: what happened, to what, and what changed. Names and values that programs use stay out of sight."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from itertools import takewhile
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.kernel.events.models import Event
from mainstay.kernel.mail.engine.letter import PROBLEMS
from mainstay.kernel.mail.models import ReceivedMail
from mainstay.kernel.people.models import Organisation, Person, Team
from mainstay.kernel.practice.apps import names_of_practices, names_of_records
from mainstay.kernel.practice.configuration import ConfigurationKind
from mainstay.kernel.practice.configuration import kinds as configuration_kinds
from mainstay.kernel.practice.registry import kinds
from mainstay.kernel.practice.settings import DECLARED
from mainstay.kernel.records.models import Record
from mainstay.kernel.records.wording import FIELDS
from mainstay.kernel.web.formats import absolute_time

#: The first words of events that belong neither to records nor to configuration rows.
THINGS: dict[str, Any] = {
    "absence": gettext_lazy("Absence"),
    "demo": gettext_lazy("Demo organisation"),
    "grant": gettext_lazy("Grant"),
    "matrix": gettext_lazy("Priority matrix"),
    "person": gettext_lazy("Person"),
    "received_mail": gettext_lazy("Incoming mail"),
    "token": gettext_lazy("API token"),
}
#: Their second words.
HAPPENED: dict[str, Any] = {
    "assigned": gettext_lazy("assigned"),
    "attached": gettext_lazy("file attached"),
    "begun": gettext_lazy("begun"),
    "called": gettext_lazy("people called"),
    "cancelled": gettext_lazy("cancelled"),
    "changed": gettext_lazy("changed"),
    "checklist_attached": gettext_lazy("checklist added"),
    "checklist_withdrawn": gettext_lazy("checklist taken away"),
    "closed": gettext_lazy("closed"),
    "commented": gettext_lazy("message written"),
    "created": gettext_lazy("created"),
    "deactivated": gettext_lazy("access taken away"),
    "dismissed": gettext_lazy("dismissed"),
    "edited": gettext_lazy("changed"),
    "finished": gettext_lazy("finished"),
    "given": gettext_lazy("handed out"),
    "held": gettext_lazy("put on hold"),
    "imported": gettext_lazy("changed where it came from"),
    "joined": gettext_lazy("member added"),
    "left": gettext_lazy("member removed"),
    "linked": gettext_lazy("link added"),
    "major_accepted": gettext_lazy("accepted as a major one"),
    "major_appointed": gettext_lazy("lead of the response changed"),
    "major_ended": gettext_lazy("response as a major one ended"),
    "major_proposed": gettext_lazy("proposed as a major one"),
    "major_rejected": gettext_lazy("rejected as a major one"),
    "major_reviewed": gettext_lazy("review written"),
    "links_revoked": gettext_lazy("links in mails made invalid"),
    "macro_applied": gettext_lazy("macro applied"),
    "mail_arrives_again": gettext_lazy("mail arrives again"),
    "mail_came_back": gettext_lazy("mail came back"),
    "mail_resent": gettext_lazy("mail sent again"),
    "new_password_sent": gettext_lazy("link for a new password sent"),
    "password_changed": gettext_lazy("password changed"),
    "promised": gettext_lazy("news promised"),
    "reactivated": gettext_lazy("access given again"),
    "recovery_codes_renewed": gettext_lazy("recovery codes renewed"),
    "released": gettext_lazy("let in after all"),
    "reminded": gettext_lazy("caller reminded"),
    "answered": gettext_lazy("answered"),
    "given_back": gettext_lazy("given back"),
    "mentioned": gettext_lazy("people mentioned"),
    "moved": gettext_lazy("moved to another time"),
    "rated": gettext_lazy("rated"),
    "rating_asked": gettext_lazy("rating asked for"),
    "reply_changed": gettext_lazy("scheduled reply changed"),
    "reply_left_out": gettext_lazy("scheduled reply not sent"),
    "reply_scheduled": gettext_lazy("reply scheduled"),
    "reply_taken_back": gettext_lazy("scheduled reply taken back"),
    "split": gettext_lazy("parts split off"),
    "split_off": gettext_lazy("split off from another"),
    "split_undone": gettext_lazy("split taken back"),
    "woken": gettext_lazy("shown again"),
    "merged": gettext_lazy("merged into another"),
    "unmerged": gettext_lazy("merge taken back"),
    "absorbed": gettext_lazy("another merged into it"),
    "separated": gettext_lazy("merge taken back"),
    "handed_over": gettext_lazy("handed over"),
    "escalated": gettext_lazy("escalated"),
    "converted": gettext_lazy("turned into something else"),
    "reopened": gettext_lazy("reopened"),
    "resolved": gettext_lazy("resolved"),
    "resumed": gettext_lazy("taken up again"),
    "retired": gettext_lazy("retired"),
    "revoked": gettext_lazy("revoked"),
    "runbook_answered": gettext_lazy("answered in a runbook"),
    "runbook_started": gettext_lazy("runbook begun"),
    "runbook_taken_back": gettext_lazy("answer in a runbook taken back"),
    "second_factor_added": gettext_lazy("second step added"),
    "second_factor_removed": gettext_lazy("second step removed"),
    "sessions_ended": gettext_lazy("signed out elsewhere"),
    "sign_in_failed": gettext_lazy("sign-in failed"),
    "signed_in": gettext_lazy("signed in"),
    "started": gettext_lazy("work begun"),
    "taken": gettext_lazy("taken away"),
    "task_added": gettext_lazy("task added"),
    "task_done": gettext_lazy("task finished"),
    "task_reopened": gettext_lazy("task reopened"),
    "unlinked": gettext_lazy("link removed"),
    "update_due": gettext_lazy("promised news due soon"),
    "update_overdue": gettext_lazy("promised news overdue"),
    "work_logged": gettext_lazy("working time logged"),
}
#: What the data of an event may name by id.
NAMED: dict[str, tuple[Any, Any]] = {
    "person": (gettext_lazy("Person"), Person),
    "team": (gettext_lazy("Team"), Team),
    "organisation": (gettext_lazy("Organisation"), Organisation),
    "leader": (gettext_lazy("Led by"), Person),
    "speaker": (gettext_lazy("Communication"), Person),
}

#: What the fields of people are called.
OF_PEOPLE: dict[str, Any] = {
    "name": gettext_lazy("Name"),
    "email": gettext_lazy("E-mail"),
    "phone": gettext_lazy("Telephone"),
    "organisation": gettext_lazy("Organisation"),
    "language": gettext_lazy("Language"),
    "zone": gettext_lazy("Time zone"),
    "is_active": gettext_lazy("Access"),
}

#: Why a mail was set aside, beyond what the engine says of what cannot be read.
SET_ASIDE: dict[str, Any] = {
    "absence": gettext_lazy("It is an answer without a person, such as an absence note."),
    "bounce": gettext_lazy("It reports that a mail was not delivered."),
    "dismissed": gettext_lazy("Somebody decided that nothing is to become of it."),
    "forged": gettext_lazy("The mail server found that its sender is not who they say."),
    "gave_up": gettext_lazy("Taking it in failed again and again; the log says why."),
    "loop": gettext_lazy("It has come round in circles."),
    "own": gettext_lazy("It comes from ourselves."),
    "poison": gettext_lazy("Reading it took too much time or memory."),
    "refused": gettext_lazy("What it was to become was refused."),
    "unchecked": gettext_lazy("It did not come by the mail server that checks senders."),
}

Names = Mapping[tuple[Any, int], str]


def event_in_words(name: str) -> str:
    """Return what an event is called, such as “Role: changed”."""
    kind, _dot, past = name.partition(".")
    thing = names_of_records().get(kind) or THINGS.get(kind) or _rows(kind, "singular") or _plain(kind).capitalize()
    return _("%(thing)s: %(happened)s") % {"thing": thing, "happened": HAPPENED.get(past) or _plain(past)}


def why_set_aside(mail: ReceivedMail) -> str:
    """Return why a mail became nothing, in a sentence; empty while it waits."""
    words = SET_ASIDE.get(mail.reason) or (_(PROBLEMS[mail.reason]) if mail.reason in PROBLEMS else "")
    return f"{words} {mail.detail}" if mail.reason in ("poison", "refused") else str(words)


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _rows(subject: str, attribute: str) -> Any:
    kind = _kind(subject)
    return kind and getattr(kind, attribute)


def _kind(subject: str) -> ConfigurationKind | None:
    """Return the kind of configuration rows that are the subjects of such events."""
    return next((kind for kind in configuration_kinds().values() if kind.subject == subject), None)


def subjects_in_words(subjects: Iterable[str]) -> dict[str, str]:
    """Return what subjects such as `role:agent` are called. One query for people and one for each kind of row."""
    pairs = {subject: subject.partition(":")[::2] for subject in subjects if ":" in subject}
    uuids = [key for kind, key in pairs.values() if kind == "person"]
    people = {str(uuid): name for uuid, name in Person.objects.filter(uuid__in=uuids).values_list("uuid", "name")}
    rows = {name: names_of_rows(name) for name in {kind for kind, _key in pairs.values()}}
    rows |= {"person": people, "matrix": names_of_practices()}
    return {subject: str(rows[kind].get(key, key)) for subject, (kind, key) in pairs.items()}


def names_of_rows(subject: str) -> Mapping[str, Any]:
    """Return what each row that is the subject of such events is called, by its key."""
    kind = _kind(subject)
    if subject == "setting":
        return {key: setting.label for key, setting in DECLARED.items()}
    if subject == "state":
        pairs = [(name, state) for name, each in kinds.items() for state in each.lifecycle.states.values()]
        return {f"{name}.{state.slug}": state.label for name, state in pairs}
    return {key: row.get("name") or row.get("label") or key for key, row in kind.read().items()} if kind else {}


def title_of(kind: ConfigurationKind, key: str, row: Mapping[str, Any]) -> str:
    """Return what a row is called: by its name, by the choices that it begins with, or by its short name."""
    chosen = [
        str(dict(field.options()).get(str(row.get(field.name)), ""))
        for field in takewhile(lambda field: field.options, kind.fields)
        if field.options
    ]
    choices = " · ".join(filter(None, chosen)) if len(chosen) > 1 else ""
    return str(row.get("name") or row.get("label") or choices or key)


@cache
def fields_of_records() -> dict[str, Any]:
    """Return the columns of every kind of record, by name."""
    every: list[type[models.Model]] = [Record, *Record.__subclasses__()]
    return {field.name: field for model in every for field in model._meta.concrete_fields}


def names_behind(events: Iterable[Event]) -> Names:
    """Return the names behind the ids in events' changes and data, one query for each kind of thing."""
    wanted: dict[Any, set[int]] = {}
    for event in events:
        for name, values in event.changes.items():
            if model := _model(name):
                wanted.setdefault(model, set()).update(value for value in values or () if isinstance(value, int))
        for name, (_label, model) in NAMED.items():
            if isinstance(value := event.data.get(name), int):
                wanted.setdefault(model, set()).add(value)
    return {
        (model, key): str(found)
        for model, keys in wanted.items()
        if keys
        for key, found in model._default_manager.in_bulk(keys).items()
    }


def _model(name: str) -> Any:
    return NAMED[name][1] if name in NAMED else getattr(fields_of_records().get(name), "related_model", None)


def changes_in_words(event: Event, names: Names) -> list[tuple[str, str | None, str | None]]:
    """Return field, old and new value of what an event changed or names; both None where only the fact is kept."""
    kind = event.name.partition(".")[0]
    lines: list[tuple[str, str | None, str | None]] = []
    for name, values in event.changes.items():
        if not values:
            lines.append((_called(kind, name), None, None))
        elif values[0] != values[1]:
            old, new = (_value(kind, name, value, names) for value in values)
            lines.append((_called(kind, name), old, new))
    for name, (label, model) in NAMED.items():
        if found := names.get((model, event.data.get(name) or 0)):
            lines.append((str(label), None, found))
    return lines


def _called(kind: str, name: str) -> str:
    configured = _kind(kind)
    field = configured.field(name) if configured else None
    return str(
        (field.label if field else (OF_PEOPLE if kind == "person" else FIELDS).get(name)) or _plain(name).capitalize()
    )


def _value(kind: str, name: str, value: Any, names: Names) -> str | None:
    configured = _kind(kind)
    if configured and (field := configured.field(name)) and field.options and value not in (None, ""):
        words = dict(field.options())
        many = value if isinstance(value, list) else [value]
        return ", ".join(str(words.get(each) or _name(name, each, names) or each) for each in many) or None
    if kind in kinds and value not in (None, ""):
        return _value_of_record(kind, name, value, names)
    return _name(name, value, names) or in_words(value)


def _value_of_record(kind: str, name: str, value: Any, names: Names) -> str | None:
    column = fields_of_records().get(name)
    if name == "state":
        state = kinds[kind].lifecycle.states.get(value)
        return str(state.label if state else value)
    if isinstance(column, models.DateTimeField):
        return absolute_time(datetime.fromisoformat(value))
    if column is not None and column.choices:
        return str(dict(column.flatchoices).get(value, value))
    return _name(name, value, names) or in_words(value)


def _name(name: str, value: Any, names: Names) -> str | None:
    return names.get((_model(name), value)) if isinstance(value, int) else None


def in_words(value: Any) -> str | None:
    """Return a plain value as people read it; None for what is empty."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, dict):
        return ", ".join(f"{name}: {in_words(each)}" for name, each in value.items()) or None
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or None
    return None if value in (None, "") else str(value)
