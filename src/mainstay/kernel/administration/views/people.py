"""People: finding, adding and editing them, ending their access."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mainstay.kernel.access.doors import ActingRequest, door
from mainstay.kernel.access.engine.delegation import could_hand_out
from mainstay.kernel.access.queries import managed, standing_of
from mainstay.kernel.accounts.queries import require_recent_proof
from mainstay.kernel.administration import queries
from mainstay.kernel.administration.forms import NewPersonForm, PersonForm, ReasonForm
from mainstay.kernel.administration.history import events_of, versions_of
from mainstay.kernel.administration.queries import PEOPLE
from mainstay.kernel.mail.actions import clear_failing
from mainstay.kernel.mail.queries import failing_address
from mainstay.kernel.people.actions import EDITABLE, create_person, deactivate, edit_person, reactivate
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.configuration import fingerprint
from mainstay.kernel.practice.errors import Invalid, NotPermitted
from mainstay.kernel.web.pages import redirect, render, toast

ON_A_PAGE = 50


@door(PEOPLE)
@require_GET
def listing(request: ActingRequest) -> HttpResponse:
    """Show the people the actor manages, by name, a page at a time."""
    text = request.GET.get("q", "").strip()[:100]
    found = queries.people(request.actor, text)
    after = request.GET.get("after", "")
    if after.isdecimal() and (last := Person.objects.filter(pk=int(after[:18])).only("name").first()):
        found = found.filter(Q(name__gt=last.name) | Q(name=last.name, id__gt=last.pk))
    people = list(found[: ON_A_PAGE + 1])
    more = people[ON_A_PAGE - 1].pk if len(people) > ON_A_PAGE else None
    return render(request, "administration/people.html", {"people": people[:ON_A_PAGE], "q": text, "more": more})


@door(PEOPLE)
@require_http_methods(["GET", "POST"])
def new(request: ActingRequest) -> HttpResponse:
    """Add a person."""
    home = managed(request.actor, PEOPLE).filter(retired=None).order_by("parent_id", "id").first()
    initial = {"zone": home.zone if home else "UTC", "organisation": home.slug if home else ""}
    form = NewPersonForm(request.actor, request.POST if request.method == "POST" else None, initial)
    if form.is_bound and form.is_valid():
        try:
            person = create_person(by=request.actor, **_with_organisation(request, form.cleaned_data))
        except Invalid as refused:
            form.refuse(refused.errors)
        else:
            toast(request, _("%(name)s was added.") % {"name": person.name})
            return redirect(request, "administration:person", uuid=person.uuid)
    return render(request, "administration/person_new.html", {"form": form}, status=422 if form.is_bound else 200)


def _with_organisation(request: ActingRequest, values: dict[str, Any]) -> dict[str, Any]:
    """Return entered values with the organisation itself, which the actor must manage."""
    organisation = managed(request.actor, PEOPLE).filter(slug=values["organisation"]).first()
    if organisation is None:
        raise Invalid({"organisation": _("Choose an organisation that you manage.")})
    return {**values, "organisation": organisation}


@door(PEOPLE)
@require_http_methods(["GET", "POST"])
def person(request: ActingRequest, uuid: UUID) -> HttpResponse:
    """Show and edit a person."""
    found = _person(request, uuid)
    values = values_of(found)
    form = PersonForm(request.actor, request.POST if request.method == "POST" else None, values)
    status = 200
    if form.is_bound:
        status = _save(request, found, form, fingerprint(values))
        if not status:
            toast(request, _("Saved."))
            return redirect(request, "administration:person", uuid=uuid)
    return _show(request, found, form, status)


def values_of(found: Person) -> dict[str, Any]:
    """Return what the form shows of a person; its fingerprint tells whether somebody else changed it meanwhile."""
    values = {name: getattr(found, name) for name in EDITABLE}
    return {**values, "organisation": found.organisation.slug, "email": found.email or ""}


def _save(request: ActingRequest, found: Person, form: PersonForm, current: str) -> int:
    """Save what was entered; return 0, or the status of the refusal, which the form then shows."""
    if not form.is_valid():
        return 422
    if request.POST.get("seen") != current:
        form.refuse({"": _("Somebody else has changed this person in the meantime. Compare, then save again.")})
        return 409
    values = _with_organisation(request, form.cleaned_data)
    if values["email"] != (found.email or ""):
        _require_reach(request, found)
        require_recent_proof(request)
    try:
        edit_person(found, by=request.actor, values=values)
    except Invalid as refused:
        form.refuse(refused.errors)
        return 422
    return 0


def _show(
    request: ActingRequest, found: Person, form: PersonForm, status: int, reason: ReasonForm | None = None
) -> HttpResponse:
    context = {
        "found": found,
        "form": form,
        "seen": fingerprint(values_of(Person.objects.select_related("organisation").get(pk=found.pk))),
        "reason": reason or ReasonForm(),
        "failing": failing_address(found),
        "memberships": found.memberships.select_related("team").order_by("team__name"),
        "grants": found.grants.select_related("role", "organisation").order_by("role__name"),
    }
    return render(request, "administration/person.html", context, status=status)


@door(PEOPLE)
@require_POST
def mail_arrives(request: ActingRequest, uuid: UUID) -> HttpResponse:
    """Take back that mail to a person's address comes back."""
    found = _person(request, uuid)
    clear_failing(found, by=request.actor)
    toast(request, _("Saved."))
    return redirect(request, "administration:person", uuid=uuid)


@door(PEOPLE)
@require_POST
def change_access(request: ActingRequest, uuid: UUID) -> HttpResponse:
    """Deactivate an active person, or give a deactivated one access again; either with a reason."""
    found = _person(request, uuid)
    _require_reach(request, found)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _show(request, found, PersonForm(request.actor, None, values_of(found)), 422, form)
    change = deactivate if found.is_active else reactivate
    change(found, by=request.actor, reason=form.cleaned_data["reason"])
    words = _("%(name)s has access again.") if found.is_active else _("%(name)s has no access any more.")
    toast(request, words % {"name": found.name})
    return redirect(request, "administration:person", uuid=uuid)


@door(PEOPLE)
@require_GET
def history(request: ActingRequest, uuid: UUID) -> HttpResponse:
    """Show what happened to a person's data and access."""
    found = _person(request, uuid)
    context = {
        "title": found.name,
        "back": (_("People"), "administration:person", {"uuid": uuid}),
        "lines": events_of(f"person:{found.uuid}"),
        "versions": versions_of(found),
    }
    return render(request, "administration/history.html", context)


def _person(request: ActingRequest, uuid: UUID) -> Person:
    found = queries.people(request.actor).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found


def _require_reach(request: ActingRequest, found: Person) -> None:
    """Refuse to touch how somebody gets in who holds more than the actor could hand out: that would be a takeover."""
    active = Person(pk=found.pk, is_active=True)  # also what sleeps while they are deactivated
    if not could_hand_out(request.actor.standing, standing_of(active)):
        raise NotPermitted(_("This person holds rights that you could not give. Ask who manages access there."))
