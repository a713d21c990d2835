"""The members of a team, and who leads it."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mainstay.kernel.access.doors import ActingRequest, door
from mainstay.kernel.access.engine.delegation import could_hand_out
from mainstay.kernel.access.queries import managed, standing_of_team
from mainstay.kernel.administration import queries
from mainstay.kernel.administration.forms import MemberForm
from mainstay.kernel.administration.queries import PEOPLE
from mainstay.kernel.people.actions import join_team, leave_team
from mainstay.kernel.people.models import Person, Team
from mainstay.kernel.practice.errors import NotPermitted
from mainstay.kernel.web.pages import redirect, render, toast


@door(PEOPLE)
@require_http_methods(["GET", "POST"])
def members(request: ActingRequest, key: str) -> HttpResponse:
    """Show a team's members; add one, or change whether they lead it."""
    team = _team(request, key)
    form = MemberForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and (joining := form.found_among(queries.people(request.actor))):
        _require_reach(request, team)
        join_team(joining, team, by=request.actor, leads=form.cleaned_data["leads"])
        toast(request, _("%(name)s is in the team.") % {"name": joining.name})
        return redirect(request, "administration:members", key=key)
    context = {
        "team": team,
        "form": form,
        "members": team.memberships.select_related("person").order_by("-leads", "person__name"),
    }
    return render(request, "administration/members.html", context, status=422 if form.is_bound else 200)


@door(PEOPLE)
@require_POST
def leave(request: ActingRequest, key: str, uuid: UUID) -> HttpResponse:
    """Take a person out of a team."""
    team = _team(request, key)
    leaving = Person.objects.filter(memberships__team=team, uuid=uuid).first()
    if leaving is None:
        raise Http404
    leave_team(leaving, team, by=request.actor)
    toast(request, _("%(name)s is no longer in the team.") % {"name": leaving.name})
    return redirect(request, "administration:members", key=key)


def _team(request: ActingRequest, key: str) -> Team:
    team = Team.objects.filter(slug=key, organisation__in=managed(request.actor, PEOPLE)).first()
    if team is None:
        raise Http404
    return team


def _require_reach(request: ActingRequest, team: Team) -> None:
    """Refuse to hand out, by a membership, rights that the actor neither holds nor could grant."""
    if not could_hand_out(request.actor.standing, standing_of_team(team)):
        raise NotPermitted(_("This team holds rights that you could not give. Ask who manages access there."))
