"""Configuration rows: a list, a form and a history for every kind, made from what the kind declares.

Each kind has pages of its own address and capability, so that what opens them stands in the list of addresses.
"""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from mainstay.kernel.access.doors import ActingRequest, door
from mainstay.kernel.administration.forms import RowForm
from mainstay.kernel.administration.history import events_of, versions_of
from mainstay.kernel.administration.queries import as_tree, may_enter, rows_of
from mainstay.kernel.administration.views import rules
from mainstay.kernel.administration.wording import names_of_rows, title_of
from mainstay.kernel.practice.apps import names_of_practices
from mainstay.kernel.practice.configuration import ConfigurationKind, Field, Row, fingerprint, kinds, put
from mainstay.kernel.practice.errors import Invalid, Refusal, Stale
from mainstay.kernel.web.controls import options_of
from mainstay.kernel.web.pages import redirect, render, toast


def paths() -> list[URLPattern]:
    """Return the addresses of every kind that has no page of its own."""
    return [
        entry
        for kind in kinds().values()
        if not kind.page
        for entry in [*(rules.paths_of(kind) if kind.tried else ()), *_paths(kind)]
    ]


def _paths(kind: ConfigurationKind) -> list[URLPattern]:
    name = kind.name
    entries = [
        path(f"{name}/", _list(kind), name=name),
        path(f"{name}/<str:key>/history/", _history(kind), name=f"{name}-history"),
        path(f"{name}/<str:key>/", _form(kind), name=f"{name}-row"),
    ]
    if not kind.fixed:
        entries.insert(1, path(f"{name}/new/", _form(kind), name=f"{name}-new"))
    return entries


def _list(kind: ConfigurationKind) -> Any:
    @door(kind.capability)
    @require_GET
    def show(request: ActingRequest) -> HttpResponse:
        _enter(request, kind)
        columns = [field for field in kind.fields if field.column]
        labels = {field.name: dict(field.options()) for field in columns if field.options and field.name != "zone"}
        lines = [
            (depth, key, [_shown(field, row, labels) for field in columns], row.get("retired", False))
            for depth, key, row in as_tree(kind, rows_of(request.actor, kind))
        ]
        context = {"kind": kind, "columns": columns, "lines": lines, "may_add": not kind.fixed, "called": _called(kind)}
        context["remarks"] = kind.remarks()
        return render(request, "administration/rows.html", context)

    return show


def _shown(field: Field, row: Row, labels: dict[str, dict[str, Any]]) -> Any:
    value = row[field.name]
    if field.type == "yes_no":
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(str(labels.get(field.name, {}).get(each, each)) for each in value)
    return labels.get(field.name, {}).get(value, value)


def _called(kind: ConfigurationKind) -> Mapping[str, Any]:
    """Return what rows without names of their own are called: those that were there from the start."""
    return names_of_rows(kind.subject) if kind.fixed else {}


def _title(kind: ConfigurationKind, key: str, row: Row) -> str:
    return title_of(kind, _called(kind).get(key, key), row)


def _form(kind: ConfigurationKind) -> Any:
    @door(kind.capability)
    @require_http_methods(["GET", "POST"])
    def edit(request: ActingRequest, key: str = "") -> HttpResponse:
        _enter(request, kind)
        row = _row(request, kind, key) if key else None
        form = RowForm(kind, row, request.actor, request.POST if request.method == "POST" else None)
        status = 200
        if form.is_bound:
            status = _save(request, kind, key, form)
            if not status:
                toast(request, _("Saved."))
                return redirect(request, f"administration:{kind.name}")
            row = rows_of(request.actor, kind).get(key) if key else None
        context = {
            "kind": kind,
            "key": key,
            "row": row,
            "form": form,
            "seen": fingerprint(row),
            "title": _title(kind, key, row) if row else "",
            "groups": _groups(form) if "capabilities" in form.fields else {},
        }
        return render(request, "administration/row.html", context, status=status)

    return edit


def _save(request: ActingRequest, kind: ConfigurationKind, key: str, form: RowForm) -> int:
    """Save what was entered; return 0, or the status of the refusal, which the form then shows."""
    if not form.is_valid():
        return 422
    if not key and any(field.place and not form.values[field.name] for field in kind.fields):
        form.refuse({field.name: _("Choose where it belongs.") for field in kind.fields if field.place})
        return 422
    try:
        if key:
            put(kind, key, form.values, by=request.actor, seen=request.POST.get("seen", ""))
        else:
            put(kind, _new_key(kind, form), form.values, by=request.actor, seen=fingerprint(None))
    except Invalid as refused:
        form.refuse(refused.errors)
        return 422
    except Stale as refused:
        now = _now(kind, rows_of(request.actor, kind).get(key), form)
        form.refuse({"": f"{refused.message} {now}"})
        return 409
    except Refusal as refused:
        form.refuse({"": refused.message})
        return 409
    return 0


def _new_key(kind: ConfigurationKind, form: RowForm) -> str:
    """Return the short name of a new row: the one entered, else one made from its name that is free."""
    rows = kind.read()
    if entered := form.cleaned_data["key"]:
        if entered in rows:
            raise Invalid({"key": _("This short name is taken.")})
        return str(entered)
    base = kind.key_from(form.values) or "unnamed"
    taken = (f"{base}-{number}" if number > 1 else base for number in range(1, len(rows) + 2))
    return next(key for key in taken if key not in rows)


def _now(kind: ConfigurationKind, row: Row | None, form: RowForm) -> str:
    """Say what the row holds now where that differs from what was entered."""
    differing = [
        _("%(field)s is now “%(value)s”.") % {"field": field.label, "value": row[field.name]}
        for field in kind.fields
        if row and field.name in form.fields and field.name in row and row[field.name] != form.values[field.name]
    ]
    return " ".join(differing)


def _history(kind: ConfigurationKind) -> Any:
    @door(kind.capability)
    @require_GET
    def history(request: ActingRequest, key: str) -> HttpResponse:
        _enter(request, kind)
        row = _row(request, kind, key)
        context = {
            "title": _title(kind, key, row),
            "back": (kind.label, f"administration:{kind.name}-row", {"key": key}),
            "lines": events_of(f"{kind.subject}:{key}"),
            "versions": versions_of(kind.find(key)),
        }
        return render(request, "administration/history.html", context)

    return history


#: What the first words of capabilities mean.
GROUPS = {
    "access": gettext_lazy("Access"),
    "audit": gettext_lazy("Audit trail"),
    "configuration": gettext_lazy("Configuration"),
    "operations": gettext_lazy("Operations"),
    "people": gettext_lazy("People"),
    "report": gettext_lazy("Reports"),
}


def _groups(form: RowForm) -> dict[str, list[tuple[Any, list[tuple[str, Any, bool]]]]]:
    """Return capabilities by the first word of their names, each with its reaches as (value, label, chosen)."""
    chosen = set(form["capabilities"].value() or ())
    groups: dict[str, dict[str, list[tuple[str, Any]]]] = {}
    for value, label in options_of(form, "capabilities"):
        name = value.partition(":")[0]
        groups.setdefault(name.partition(".")[0], {}).setdefault(name, []).append((value, label))
    called = names_of_practices() | GROUPS
    return {
        str(called.get(group, group)): [
            (
                found[0][1],
                [(value, _("everything") if value == name else label, value in chosen) for value, label in found],
            )
            for name, found in names.items()
        ]
        for group, names in groups.items()
    }


def _enter(request: ActingRequest, kind: ConfigurationKind) -> None:
    if not may_enter(request.actor, kind):
        raise Http404


def _row(request: ActingRequest, kind: ConfigurationKind, key: str) -> Row:
    row = rows_of(request.actor, kind).get(key)
    if row is None:
        raise Http404
    return row
