"""What contacts add to the pages that every record has in the console."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.kernel.web.records.pages import Pages
from mainstay.support.service_desk import actions
from mainstay.support.service_desk.forms.console import MOVE_FIELDS, EditForm
from mainstay.support.service_desk.lifecycle import UNANSWERED
from mainstay.support.service_desk.models import Contact, Source, Type
from mainstay.support.service_desk.queries import KIND, desk

#: What opens the desk's console: those who see the internal part of some contacts. Requesters have the portal.
CONSOLE = "contact.read_internal"


def _essentials(contact: Contact) -> dict[str, Any]:
    return {
        "turns": contact.state in {state.slug for state in UNANSWERED} and contact.type == Type.CASE,
        "is_complaint": contact.type == Type.COMPLAINT,
    }


def _facts(contact: Contact) -> Iterable[tuple[Any, Any]]:
    yield _("Type"), contact.get_type_display()
    yield _("Reached us by"), contact.get_source_display()
    yield _("Call back"), contact.call_back
    yield _("Reopened"), contact.reopenings or None


PAGES = Pages(
    kind=KIND,
    label="service_desk",
    find=desk.get_in_console,
    moves=actions.MOVES,
    move_fields=MOVE_FIELDS,
    people=desk.people_for,
    edit=actions.edit,
    edit_form=EditForm,
    solves="answer",
    facts=_facts,
    essentials=_essentials,
    sentences={
        "created": (_("%(who)s took it in"), "plus"),
        "answered": (_("%(who)s answered it"), "circle-check"),
    },
    choices={"type": dict(Type.choices), "source": dict(Source.choices)},
)
