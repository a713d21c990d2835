"""Changing what is prepared: canned answers, macros, checklists and runbooks."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from mainstay.kernel.events.actions import Author, retirement, write_row
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.practice.registry import kinds
from mainstay.support.service_desk.engine.checklist import LONGEST, item
from mainstay.support.service_desk.engine.placeholders import unknown
from mainstay.support.service_desk.engine.runbook import Wrong, parse
from mainstay.support.service_desk.models import CannedAnswer, Checklist, Macro, Runbook
from mainstay.support.service_desk.queries.prepared import PLACEHOLDERS

#: What goes with each move beyond the move itself; a macro has nothing else of it.
OF_MOVE = {
    "hold": {"hold_reason"},
    "resolve": {"words", "closing_category"},
    "answer": {"words"},
    "reopen": {"words"},
    "cancel": {"words"},
}
MOVE_FIELDS = ("hold_reason", "words", "closing_category")
STEPS = ("category", "impact", "urgency", "comment", "watches", "assign_to", "takes", "verb")


@transaction.atomic
def save_canned_answer(*, by: Author, slug: str, retired: bool = False, **values: Any) -> CannedAnswer:
    """Make a canned answer, or change the one with this slug. Raises Invalid, also for a place that does not exist."""
    if errors := _places("body", values["body"]):
        raise Invalid(errors)
    answer = CannedAnswer.objects.select_for_update().filter(slug=slug).first() or CannedAnswer(slug=slug)
    values["retired"] = retirement(answer, retired)
    write_row(answer, values, by=by, subject=f"canned_answer:{slug}", unnamed=("body",))
    return answer


@transaction.atomic
def save_macro(*, by: Author, slug: str, retired: bool = False, **values: Any) -> Macro:
    """Make a macro, or change the one with this slug; `values` are its fields.

    Raises Invalid for what its kind of record does not have, for a move without what it requires, for a place that
    does not exist, and for a macro that does nothing.
    """
    if errors := _places("comment", values["comment"]) | _places("words", values["words"]) | _errors(values):
        raise Invalid(errors)
    macro = Macro.objects.select_for_update().filter(slug=slug).first() or Macro(slug=slug)
    values["retired"] = retirement(macro, retired)
    write_row(macro, values, by=by, subject=f"macro:{slug}", unnamed=("comment", "words"))
    return macro


def _places(field: str, text: str) -> dict[str, str]:
    if not (names := unknown(text, PLACEHOLDERS)):
        return {}
    words = _("There is no place called %(names)s; there are: %(known)s.")
    return {field: words % {"names": ", ".join(names), "known": ", ".join(PLACEHOLDERS)}}


def _errors(values: dict[str, Any]) -> dict[str, str]:
    errors, verb = {}, values["verb"]
    if not any(values[name] for name in STEPS):
        errors["name"] = _("Choose at least one thing that it does.")
    if values["kind"] != "incident":
        absent = _("Only incidents have this.")
        errors |= {name: absent for name in ("impact", "urgency", "closing_category") if values[name]}
    if verb and (verb == "assign" or verb not in kinds[values["kind"]].lifecycle.verbs):
        errors["verb"] = _("This kind of record has no such move.")
        return errors
    wanted = OF_MOVE.get(verb, set())
    for name in MOVE_FIELDS:
        if name in wanted and not values[name]:
            errors.setdefault(name, _("This move needs it."))
        elif name not in wanted and values[name]:
            errors.setdefault(name, _("The chosen move does not take this."))
    if values["hold_days"] and verb != "hold":
        errors["hold_days"] = _("The chosen move does not take this.")
    return errors


@transaction.atomic
def save_checklist(*, by: Author, slug: str, retired: bool = False, **values: Any) -> Checklist:
    """Make a checklist, or change the one with this slug. Cases keep the tasks they have. Raises Invalid."""
    for line in values["items"]:
        try:
            item(line)
        except ValueError:
            words = _("This is no item of at most %(number)d characters: %(line)s")
            raise Invalid({"items": words % {"number": LONGEST, "line": line}}) from None
    checklist = Checklist.objects.select_for_update().filter(slug=slug).first() or Checklist(slug=slug)
    values["retired"] = retirement(checklist, retired)
    write_row(checklist, values, by=by, subject=f"checklist:{slug}", unnamed=("items",))
    return checklist


WRONG = {
    "empty": _lazy("There is no step: begin one with its name, such as [light]."),
    "line": _lazy("Line %(line)d belongs to no step."),
    "twice": _lazy("Line %(line)d: there are two steps called %(word)s."),
    "words": _lazy("Line %(line)d: say what is to be asked or done."),
    "answer": _lazy("Line %(line)d: write an answer as - Yes -> name-of-a-step."),
    "nowhere": _lazy("The step in line %(line)d leads to %(word)s, which there is not."),
    "unreachable": _lazy("Line %(line)d: no answer leads to %(word)s."),
    "many": _lazy("A runbook has at most 200 steps, and a step at most 20 answers."),
}


@transaction.atomic
def save_runbook(*, by: Author, slug: str, retired: bool = False, **values: Any) -> Runbook:
    """Make a runbook, or change the one with this slug; where it is followed already, it goes on as it was.

    Raises Invalid, with the line, for a text that is none.
    """
    try:
        parse(values["text"])
    except Wrong as wrong:
        raise Invalid({"text": str(WRONG[wrong.why]) % {"line": wrong.line, "word": wrong.word}}) from None
    runbook = Runbook.objects.select_for_update().filter(slug=slug).first() or Runbook(slug=slug)
    values["retired"] = retirement(runbook, retired)
    write_row(runbook, values, by=by, subject=f"runbook:{slug}", unnamed=("text",))
    return runbook
