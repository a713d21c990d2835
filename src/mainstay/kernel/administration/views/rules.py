"""Trying a rule on past records before it is kept."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_POST

from mainstay.kernel.access.doors import ActingRequest, door
from mainstay.kernel.administration.forms import RowForm
from mainstay.kernel.administration.queries import may_enter, rows_of
from mainstay.kernel.automation.actions.replaying import try_rule
from mainstay.kernel.automation.configuration import parted
from mainstay.kernel.automation.models import Replay
from mainstay.kernel.automation.queries.replays import lines_of, replay_of
from mainstay.kernel.practice.configuration import ConfigurationKind, checked, fingerprint
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.web.pages import redirect, render

#: Which of the buttons was pressed, by the name it sends.
NUMBER = "number"


def paths_of(kind: ConfigurationKind) -> list[URLPattern]:
    """Return the addresses for trying rows of a kind."""
    name = kind.name
    return [
        path(f"{name}/new/try/", _try(kind), name=f"{name}-try-new"),
        path(f"{name}/<str:key>/try/", _try(kind), name=f"{name}-try"),
        path(f"{name}/tried/<uuid:uuid>/", _tried(kind), name=f"{name}-tried"),
    ]


def _try(kind: ConfigurationKind) -> Any:
    @door(kind.capability)
    @require_POST
    def try_on_the_past(request: ActingRequest, key: str = "") -> HttpResponse:
        """Begin to try what was entered; nothing of it is kept."""
        row = rows_of(request.actor, kind).get(key) if key else None
        if not may_enter(request.actor, kind) or (key and row is None):
            raise Http404
        entered = request.POST.copy()
        number = entered.pop(NUMBER, [""])[0]
        form = RowForm(kind, row, request.actor, entered)
        if form.is_valid():
            try:
                found = checked(
                    kind,
                    {**{field.name: field.initial for field in kind.fields}, **(row or {}), **form.values},
                    complete=True,
                )
                slug = key or form.cleaned_data["key"] or kind.key_from(form.values)
                replay = try_rule(
                    by=request.actor,
                    kind=kind.name.removesuffix("-rules"),
                    slug=slug,
                    key=key,
                    values=parted(found),
                    entered={name: entered.getlist(name) for name in entered if name != "csrfmiddlewaretoken"},
                    number=int(number) if number.isdecimal() and len(number) < 6 else 0,
                )
                return redirect(request, f"administration:{kind.name}-tried", uuid=replay.uuid)
            except Invalid as refused:
                form.refuse(refused.errors)
        context = {
            "kind": kind,
            "title": row["name"] if row else "",
            "key": key,
            "row": row,
            "form": form,
            "seen": fingerprint(row),
            "called": {},
            "groups": {},
        }
        return render(request, "administration/row.html", context, status=422)

    return try_on_the_past


def _tried(kind: ConfigurationKind) -> Any:
    @door(kind.capability)
    @require_GET
    def show(request: ActingRequest, uuid: UUID) -> HttpResponse:
        """Show how far a trial is, and what would have come out otherwise, to whoever began it."""
        replay: Replay | None = replay_of(request.actor, kind.name.removesuffix("-rules"), uuid)
        if replay is None or not may_enter(request.actor, kind):
            raise Http404
        context = {"kind": kind, "replay": replay, "lines": lines_of(request.actor, replay)}
        return render(request, "administration/rule_tried.html", context, fragment="administration/_rule_tried.html")

    return show
