"""The pages of a record in the console, of whatever kind: what each kind adds to them, and how they are shown."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver, reverse
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.doors import ActingRequest
from mainstay.kernel.automation.queries.traces import accounts
from mainstay.kernel.mail.queries import failing_address, mails_of
from mainstay.kernel.people.models import Organisation, Person
from mainstay.kernel.practice.errors import Elsewhere
from mainstay.kernel.practice.registry import kinds
from mainstay.kernel.records.attention import ATTENTIONS
from mainstay.kernel.records.attributes import definitions
from mainstay.kernel.records.merged import parts_of
from mainstay.kernel.records.models import Record
from mainstay.kernel.records.queries import category_path, moves_for
from mainstay.kernel.records.surroundings import other_cases, surroundings, watchers_of
from mainstay.kernel.records.timeline import Entry, Position, timeline
from mainstay.kernel.search.queries.beginnings import described
from mainstay.kernel.search.queries.similar import similar_to
from mainstay.kernel.search.queries.suggestions import suggestions_for
from mainstay.kernel.web.pages import Kind, is_fragment, redirect, render, toast
from mainstay.kernel.web.records.absences import words_about
from mainstay.kernel.web.records.forms import ChangeForm, FieldMaker
from mainstay.kernel.web.records.slots import additions
from mainstay.kernel.web.records.wording import lines
from mainstay.kernel.web.registry import related_deeds

#: Entries of the conversation on one page.
ENTRIES = 50
#: Cases like it that are shown.
SIMILAR = 5
#: The pages about a record of any kind: what they are called, and the names of their addresses.
TABS = ((_("Conversation"), "record"), (_("Mails"), "mails"), (_("History"), "history"))


def _nothing(*arguments: Any) -> Any:
    return {}


#: The pages of each kind, as they are described where its addresses are.
_pages: dict[str, "Pages"] = {}


def pages_of(kind: str) -> "Pages":
    """Return the pages of a kind. Whoever asks first may be a job, where nobody has read the addresses yet."""
    if kind not in _pages:
        get_resolver().url_patterns  # noqa: B018 - reading them describes all pages
    return _pages[kind]


def label_of(kind: str) -> str:
    """Return the label that begins the names of the addresses of a kind's pages."""
    return pages_of(kind).label


@dataclass(frozen=True)
class Pages:
    """The console's pages of one kind of record, as its practice describes them.

    `label` names the practice's addresses and its templates `_marks`, `_buttons`, `_more` and `_context`. `find`
    returns a record of the kind with all that its pages show, or raises a refusal. `moves` has an action for each verb
    and `move_fields` a field for each value that one takes. `solves` is the verb that ends the work, whose event shows
    `record.solution`.
    """

    kind: str
    label: str
    find: Callable[[Actor, str], Any]
    moves: Mapping[str, Callable[..., Any]]
    move_fields: Mapping[str, FieldMaker]
    #: Who may be given work in organisations.
    people: Callable[[Iterable[Organisation]], QuerySet[Person]]
    edit: Callable[..., None]
    edit_form: Callable[..., ChangeForm]
    solves: str
    #: The names and values that only this kind has, as a document of a record lists them.
    facts: Callable[[Any], Iterable[tuple[Any, Any]]] = _nothing
    #: What only the pages of this kind show, from a record.
    essentials: Callable[[Any], dict[str, Any]] = _nothing
    #: What events that only this kind has say, and the sign before it.
    sentences: Mapping[str, tuple[Any, str]] = field(default_factory=dict)
    #: What the values of fields that only this kind has are called.
    choices: Mapping[str, Mapping[Any, Any]] = field(default_factory=dict)
    #: Names behind ids in changed fields that only this kind has: by field and id.
    names: Callable[[Iterable[Entry]], Mapping[tuple[str, Any], str]] = _nothing
    #: The address that takes a move back, from the record before it and the verb; empty where none does.
    undo: Callable[[Any, str], str] = lambda record, verb: ""
    #: Pages that only this kind has about a record: what each is called, and the name of its address.
    tabs: Callable[[Any], Iterable[tuple[Any, str]]] = _nothing

    @property
    def solved(self) -> str:
        """The event of the verb that ends the work."""
        return str(kinds[self.kind].lifecycle.example(self.solves).past)

    def __post_init__(self) -> None:
        _pages[self.kind] = self

    def at(self, number: str, name: str, **more: Any) -> str:
        """Return the address of the page or deed called `name` of the record with this number."""
        return reverse(f"{self.label}:{name}", kwargs={"number": number, **more})

    def lines(self, actor: Actor, entries: Iterable[Entry]) -> Any:
        """Return entries of a timeline in words."""
        return lines(actor, entries, self.sentences, self.choices, self.names)


def show(pages: Pages, request: ActingRequest, number: str) -> HttpResponse:
    """Show a record; a former number or another spelling leads to its present number."""
    try:
        record = pages.find(request.actor, number)
    except Elsewhere as gone_on:
        return redirect(request, "records:record", number=gone_on.number)
    if record.number != number:
        return redirect(request, f"{pages.label}:record", number=record.number)
    return render(request, "web/records/record.html", content(pages, request, record))


def history(pages: Pages, request: ActingRequest, number: str) -> HttpResponse:
    """Show every change with its old and new values, who made it, through which door and why."""
    record = pages.find(request.actor, number)
    entries, more = timeline(request.actor, record, limit=200, newest_first=True, after=_position(request))
    context = {
        **head(pages, request, record, watchers_of(parts_of(request.actor, record)), "history"),
        "lines": pages.lines(request.actor, entries),
        "more": _place(more),
        "accounts": [] if "before" in request.GET else accounts(request.actor, record),
    }
    return render(request, "web/records/history.html", context)


def peek(pages: Pages, request: ActingRequest, number: str) -> HttpResponse:
    """Show a record's essentials and last words in a dialog beside the list."""
    record = pages.find(request.actor, number)
    entries, _more = timeline(request.actor, record, limit=6, newest_first=True)
    context = {**_essentials(pages, record), "lines": pages.lines(request.actor, entries)}
    return render(request, "web/records/_peek.html", context)


def state_of(record: Record) -> str:
    """Return what agents call the state of a record of any kind."""
    return str(kinds[record.kind].lifecycle.states[record.state].label)


def page_of(record: Record, name: str) -> str:
    """Return the address of the page or deed called `name` of a record of any kind."""
    return reverse(f"{label_of(record.kind)}:{name}", kwargs={"number": record.number})


def _essentials(pages: Pages, record: Any) -> dict[str, Any]:
    return {
        "pages": pages,
        "at": partial(pages.at, record.number),
        "record": record,
        "state": kinds[record.kind].lifecycle.states[record.state],
        **pages.essentials(record),
    }


def head(
    pages: Pages, request: ActingRequest, record: Any, watchers: Iterable[Person], tab: str = "record"
) -> dict[str, Any]:
    """Return what the head of every page about a record shows; `tab` is the name of the page's address."""
    return {
        **_essentials(pages, record),
        "tabs_of_record": [
            (label, pages.at(record.number, name), name == tab) for label, name in (*TABS, *pages.tabs(record))
        ],
        "moves": moves_for(request.actor, record),
        "watching": any(watcher.pk == request.actor.person_id for watcher in watchers),
        "can": lambda name: request.actor.can(f"{record.kind}.{name}", record),
        "added": additions(request, record),
    }


def content(pages: Pages, request: ActingRequest, record: Any) -> dict[str, Any]:
    """Return everything the record page shows."""
    actor = request.actor
    parts = parts_of(actor, record)
    entries, more = timeline(actor, record, limit=ENTRIES, newest_first=True, after=_position(request), parts=parts)
    around = surroundings(actor, record, parts)
    return {
        **head(pages, request, record, around.watchers),
        "around": around,
        "lines": list(reversed(pages.lines(actor, filter(_tells_more, entries)))),
        "earlier": _place(more),
        "mails": mails_of(actor, record) if any(entry.door == "mail" for entry in entries) else {},
        "described": described(around.merged),
        "away": words_about({record.assignee_id, record.requester_id}),
        "failing": failing_address(record.requester),
        "cases": other_cases(actor, record),
        "similar": similar_to(actor, record, SIMILAR),
        "suggestions": suggestions_for(actor, record),
        "state_of": state_of,
        "attributes": custom_fields(record),
        "attentions": ATTENTIONS,
        "related_deeds": [entry for offer in related_deeds for entry in offer(actor, record, around.related)],
        "page_of": page_of,
        "category_path": category_path,
    }


def _tells_more(entry: Entry) -> bool:
    """Return whether an entry tells what none of the record itself does: not that another went into it."""
    return entry.number == "" or entry.event not in ("merged", "unmerged")


def custom_fields(record: Record) -> list[tuple[str, Any]]:
    """Return what the custom fields of a record are called and hold."""
    if not record.attributes:
        return []
    labels = {each.slug: each.label for each in definitions(record.kind, record.category)}
    return [(labels.get(slug, slug), value) for slug, value in record.attributes.items()]


def done(
    pages: Pages, request: ActingRequest, number: str, message: str = "", *, kind: Kind = "success", undo: str = ""
) -> HttpResponse:
    """Answer after an action: the record page as it is now, in place for htmx, else by a redirect.

    Whoever acted on another page about the record finds themselves there again.
    """
    if message:
        toast(request, message, kind, undo=undo)
    if tab := _tab(pages, request, number):
        return redirect(request, tab)
    if not is_fragment(request):
        return redirect(request, f"{pages.label}:record", number=number)
    return render(request, "web/records/_record.html", content(pages, request, pages.find(request.actor, number)))


def _tab(pages: Pages, request: ActingRequest, number: str) -> str:
    """Return the address of the page about the record that the reader acts on; empty for the record page itself."""
    here = urlsplit(request.headers.get("HX-Current-URL", "")).path
    if not here or here == pages.at(number, "record"):
        return ""
    names = (name for _label, name in (*TABS, *pages.tabs(pages.find(request.actor, number))))
    return next((address for name in names if (address := pages.at(number, name)) == here), "")


def in_dialog(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Answer with a form: inside the page's dialog for htmx, else as a page of its own."""
    context = {"fragment": template, **context}
    response = render(request, "web/records/dialog.html", context, fragment=template, status=status)
    if status >= 400:
        response.headers["HX-Retarget"] = "#work"
    return response


def _place(position: Position | None) -> str:
    return f"{position.occurred.isoformat()}~{position.id}" if position else ""


def _position(request: HttpRequest) -> Position | None:
    """Return where an earlier page of the timeline begins; what is not a place is the newest end."""
    occurred, _tilde, key = request.GET.get("before", "").partition("~")
    try:
        return Position(datetime.fromisoformat(occurred), int(key))
    except ValueError:
        return None
