"""The people who have a skill."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mainstay.kernel.access.doors import ActingRequest, door
from mainstay.kernel.access.queries import managed
from mainstay.kernel.administration import queries
from mainstay.kernel.administration.forms import AddressForm
from mainstay.kernel.administration.queries import CONFIGURATION, PEOPLE, may_enter
from mainstay.kernel.automation.actions.writing import learn, unlearn
from mainstay.kernel.automation.models import Skill
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.configuration import kinds
from mainstay.kernel.web.pages import redirect, render, toast


@door(CONFIGURATION)
@require_http_methods(["GET", "POST"])
def holders(request: ActingRequest, key: str) -> HttpResponse:
    """Show who has a skill, among the people whom the actor manages; add one."""
    skill = _skill(request, key)
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and (found := form.found_among(queries.people(request.actor))):
        learn(found, skill, by=request.actor)
        toast(request, _("%(name)s has this skill.") % {"name": found.name})
        return redirect(request, "administration:skill-holders", key=key)
    mine = managed(request.actor, PEOPLE)
    people = skill.people.filter(organisation__in=mine).select_related("organisation").order_by("name", "pk")
    context = {"skill": skill, "form": form, "people": people}
    return render(request, "administration/skill_holders.html", context, status=422 if form.is_bound else 200)


@door(CONFIGURATION)
@require_POST
def lose(request: ActingRequest, key: str, uuid: UUID) -> HttpResponse:
    """Say that a person no longer has a skill."""
    skill = _skill(request, key)
    person: Person | None = queries.people(request.actor).filter(skills=skill, uuid=uuid).first()
    if person is None:
        raise Http404
    unlearn(person, skill, by=request.actor)
    toast(request, _("%(name)s no longer has this skill.") % {"name": person.name})
    return redirect(request, "administration:skill-holders", key=key)


def _skill(request: ActingRequest, key: str) -> Skill:
    skill = Skill.objects.filter(slug=key).first()
    if skill is None or not may_enter(request.actor, kinds()["skills"]):
        raise Http404
    return skill
