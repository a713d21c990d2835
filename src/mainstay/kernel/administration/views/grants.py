"""Grants: who holds which role, and where."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mainstay.kernel.access.actions import give, take
from mainstay.kernel.access.doors import ActingRequest, door
from mainstay.kernel.access.models import Grant, Role
from mainstay.kernel.access.queries import managed
from mainstay.kernel.administration import queries
from mainstay.kernel.administration.forms import GrantForm, ReasonForm
from mainstay.kernel.administration.queries import GRANTS
from mainstay.kernel.web.pages import redirect, render, toast

ON_A_PAGE = 200


@door(GRANTS)
@require_http_methods(["GET", "POST"])
def listing(request: ActingRequest) -> HttpResponse:
    """Show the grants in the organisations whose access the actor manages, and hand out further ones."""
    roles = list(Role.objects.filter(retired=None).values_list("slug", "name"))
    start = {name: request.GET.get(name, "") for name in ("team", "email")}
    teams, _people = queries.grantees(request.actor)
    form = GrantForm(request.actor, roles, teams, request.POST if request.method == "POST" else None, start)
    if form.is_bound and form.is_valid() and _give(request, form):
        return redirect(request, "administration:grants")
    text = request.GET.get("q", "").strip()[:100]
    found = list(queries.grants(request.actor, text)[: ON_A_PAGE + 1])
    context = {"grants": found[:ON_A_PAGE], "more": len(found) > ON_A_PAGE, "q": text, "form": form}
    return render(request, "administration/grants.html", context, status=422 if form.is_bound else 200)


def _give(request: ActingRequest, form: GrantForm) -> Grant | None:
    """Hand out what was entered; None when there is nobody to hand it to, which the form then says."""
    values = form.cleaned_data
    organisation = managed(request.actor, GRANTS).get(slug=values["organisation"])
    teams, people = queries.grantees(request.actor)
    team = teams.filter(slug=values["team"]).first() if values["team"] else None
    person = people.filter(email__iexact=values["email"]).first() if values["email"] else None
    if team is None and person is None:
        form.refuse({"email": _("There is no active person with this address.")})
        return None
    role = Role.objects.get(slug=values["role"])
    grant = give(role, by=request.actor, organisation=organisation, team=team, person=person)
    words = {"role": role.name, "name": team or person, "organisation": organisation.name}
    toast(request, _("%(name)s now holds %(role)s in %(organisation)s.") % words)
    return grant


@door(GRANTS)
@require_http_methods(["GET", "POST"])
def take_away(request: ActingRequest, uuid: str) -> HttpResponse:
    """Take a grant away, with a reason."""
    grant = queries.grants(request.actor).filter(uuid=uuid).first()
    if grant is None:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        take(grant, by=request.actor, reason=form.cleaned_data["reason"])
        toast(request, _("The grant was taken away."))
        return redirect(request, "administration:grants")
    context = {"grant": grant, "form": form}
    return render(request, "administration/grant_take.html", context, status=422 if form.is_bound else 200)
