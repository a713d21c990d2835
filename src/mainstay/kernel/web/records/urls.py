"""The paths that the pages of every kind of record have. A practice adds them to its own."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path, register_converter
from django.views.decorators.http import require_http_methods

from mainstay.kernel.access.doors import door
from mainstay.kernel.web.documents import views as documents
from mainstay.kernel.web.records import (
    conversation,
    mails,
    merging,
    moves,
    pages,
    promises,
    related,
    scheduling,
    snoozing,
    suggestions,
)
from mainstay.kernel.web.records.pages import Pages

CONSOLE = "read_internal"
LOOK, ASK, DO = ("GET",), ("GET", "POST"), ("POST",)
#: Of each path: its name, the view, what it takes, and how it may be called.
PATHS: dict[str, tuple[str, Callable[..., HttpResponse], str, tuple[str, ...]]] = {
    "": ("record", pages.show, CONSOLE, LOOK),
    "history/": ("history", pages.history, CONSOLE, LOOK),
    "mails/": ("mails", mails.listing, CONSOLE, LOOK),
    "mails/<uuid:delivery>/resend/": ("resend", mails.resend, "comment", DO),
    "mails/revoke-links/": ("revoke_links", mails.revoke, "comment", DO),
    "peek/": ("peek", pages.peek, CONSOLE, LOOK),
    "document/<slug:ending>/": ("document", documents.of_record, CONSOLE, ASK),
    "do/<slug:verb>/": ("move", moves.move, CONSOLE, ASK),
    "edit/": ("edit", moves.edit, CONSOLE, ASK),
    "comments/": ("comment", conversation.comment, CONSOLE, DO),
    "watch/": ("watch", conversation.watch, CONSOLE, DO),
    "unwatch/": ("unwatch", conversation.unwatch, CONSOLE, DO),
    "tasks/": ("add_task", related.add_task, "task", ASK),
    "tasks/<uuid:task>/done/": ("finish_task", related.finish_task, "task", DO),
    "tasks/<uuid:task>/reopen/": ("reopen_task", related.reopen_task, "task", DO),
    "links/": ("add_link", related.add_link, "link", ASK),
    "links/<uuid:link>/remove/": ("remove_link", related.remove_link, "link", DO),
    "promise/": ("promise", promises.promise, "comment", ASK),
    "replies/": ("schedule", scheduling.schedule, "comment", ASK),
    "replies/<uuid:reply>/": ("change_reply", scheduling.change, "comment", ASK),
    "replies/<uuid:reply>/take-back/": ("take_back_reply", scheduling.take_back, "comment", DO),
    "snooze/": ("snooze", snoozing.snooze, CONSOLE, ASK),
    "unsnooze/": ("unsnooze", snoozing.unsnooze, CONSOLE, DO),
    "merge/": ("merge", merging.merge, "merge", ASK),
    "unmerge/": ("unmerge", merging.unmerge, "merge", DO),
    "suggestions/<slug:field>/": ("use_suggestion", suggestions.use, CONSOLE, DO),
    "work/": ("log_work", related.log_work, "log_work", ASK),
}


class NumberConverter:
    """A record's number, in any spelling of its letters: it also finds former ones."""

    regex = r"[A-Za-z]{2,5}-[0-9]{1,12}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(NumberConverter, "number")


def of(described: Pages) -> list[URLPattern]:
    """Return the paths of the pages of one kind."""
    return [
        path(f"<number:number>/{end}", _guarded(view, described, capability, methods), name=name)
        for end, (name, view, capability, methods) in PATHS.items()
    ]


def _guarded(view: Callable[..., HttpResponse], described: Pages, capability: str, methods: tuple[str, ...]) -> Any:
    return door(f"{described.kind}.{capability}")(require_http_methods(methods)(partial(view, described)))
