"""The priority matrix as administrators edit it: a grid of impact and urgency."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mainstay.kernel.access.doors import ActingRequest, door
from mainstay.kernel.access.queries import governs
from mainstay.kernel.practice.configuration import fingerprint
from mainstay.kernel.web.pages import redirect, render, toast
from mainstay.support.incidents.actions.configuration import Cell, set_matrix
from mainstay.support.incidents.models import Level, Priority, PriorityRule

CAPABILITY = "incident.configure"


class MatrixForm(forms.Form):
    """One choice of a priority for each cell, named `impact x urgency`."""

    def __init__(self, present: dict[Cell, int], data: Any = None) -> None:
        super().__init__(data, initial={_name(cell): priority for cell, priority in present.items()})
        for impact, urgency in present:
            label = _("Impact %(impact)s, urgency %(urgency)s") % {
                "impact": Level(impact).label,
                "urgency": Level(urgency).label,
            }
            choices = [(number, f"{number} {name}") for number, name in Priority.choices]
            self.fields[_name((impact, urgency))] = forms.TypedChoiceField(label=label, choices=choices, coerce=int)

    def rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the cells as the grid shows them: a row for each impact, from high to low."""
        return [
            (
                str(level.label),
                [self[_name((level, urgency))] for urgency in Level if _name((level, urgency)) in self.fields],
            )
            for level in Level
        ]


def _name(cell: Cell) -> str:
    return f"{int(cell[0])}x{int(cell[1])}"


@door(CAPABILITY)
@require_http_methods(["GET", "POST"])
def matrix(request: ActingRequest) -> HttpResponse:
    """Show the matrix; set the cells that were changed."""
    if not governs(request.actor, CAPABILITY):
        raise Http404
    present = {(rule.impact, rule.urgency): rule.priority for rule in PriorityRule.objects.all()}
    seen = fingerprint({_name(cell): priority for cell, priority in present.items()})
    form = MatrixForm(present, request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid() and request.POST.get("seen") != seen:
            form.add_error(None, _("Somebody else has changed the matrix in the meantime. Compare, then save again."))
            status = 409
        elif form.is_valid():
            set_matrix(by=request.actor, priorities={cell: form.cleaned_data[_name(cell)] for cell in present})
            toast(request, _("Saved."))
            return redirect(request, "incidents:matrix")
    context = {"form": form, "seen": seen, "levels": Level.labels}
    return render(request, "incidents/administration/matrix.html", context, status=status)
