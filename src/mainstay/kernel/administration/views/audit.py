"""The audit trail: every event the actor may know of, newest first."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from mainstay.kernel.access.actor import DOOR_NAMES, Actor
from mainstay.kernel.access.doors import ActingRequest, door
from mainstay.kernel.access.queries import governs
from mainstay.kernel.administration.history import lines_of
from mainstay.kernel.administration.queries import AUDIT
from mainstay.kernel.administration.wording import event_in_words
from mainstay.kernel.events.models import Event
from mainstay.kernel.events.registry import declared
from mainstay.kernel.people.models import Person
from mainstay.kernel.records.models import Record
from mainstay.kernel.records.queries import visible_to
from mainstay.kernel.web.controls import offer
from mainstay.kernel.web.pages import render

ON_A_PAGE = 50


class TrailForm(forms.Form):
    """What to look for; everything may be left empty."""

    name = forms.ChoiceField(label=_("Event"), required=False)
    who = forms.CharField(label=_("Who (e-mail address)"), required=False, max_length=254)
    about = forms.CharField(label=_("About (number or subject)"), required=False, max_length=120)
    by_door = forms.ChoiceField(label=_("Door"), required=False, choices=[("", "–"), *DOOR_NAMES.items()])
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput)
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        events = sorted(((name, event_in_words(name)) for name in declared()), key=lambda choice: choice[1].casefold())
        offer(self, "name", [("", "–"), *events])


@door(AUDIT)
@require_GET
def trail(request: ActingRequest) -> HttpResponse:
    """Show events with their filters, a page at a time."""
    form = TrailForm(request.GET)
    events = _visible(request.actor)
    events = _filtered(events, form.cleaned_data) if form.is_valid() else events.none()
    before = request.GET.get("before", "")
    if before.isdecimal():
        events = events.filter(id__lt=int(before[:18]))
    found = list(events.order_by("-id")[: ON_A_PAGE + 1])
    following = request.GET.copy()
    if len(found) > ON_A_PAGE:
        following["before"] = str(found[ON_A_PAGE - 1].pk)
    context = {
        "form": form,
        "lines": lines_of(found[:ON_A_PAGE]),
        "next": f"?{following.urlencode()}" if len(found) > ON_A_PAGE else None,
    }
    return render(request, "administration/audit.html", context, status=200 if form.is_valid() else 422)


def _visible(actor: Actor) -> QuerySet[Event]:
    """Return the events `actor` may read: of records whose internal part it sees; of all else at the top only."""
    condition = Q(record_id__in=visible_to(actor, "read_internal").values("pk"))
    if governs(actor, AUDIT):
        condition |= Q(record_id=None)
    return Event.objects.filter(condition)


def _filtered(events: QuerySet[Event], values: dict[str, Any]) -> QuerySet[Event]:
    if values["name"]:
        events = events.filter(name=values["name"])
    if values["by_door"]:
        events = events.filter(door=values["by_door"])
    if values["who"]:
        people = Person.objects.filter(email__iexact=values["who"].strip()).values_list("pk", flat=True)
        events = events.filter(actor_id__in=list(people))
    if about := values["about"].strip():
        records = Record.objects.filter(Q(number__iexact=about) | Q(former_numbers__number__iexact=about)).values_list(
            "pk", flat=True
        )
        events = events.filter(Q(subject=about) | Q(record_id__in=list(records)))
    if values["since"]:
        events = events.filter(occurred__gte=_midnight(values["since"]))
    if values["until"]:
        events = events.filter(occurred__lt=_midnight(values["until"] + timedelta(days=1)))
    return events


def _midnight(day: Any) -> datetime:
    """Return the instant at which a day begins for the one who asks."""
    return timezone.make_aware(datetime.combine(day, time.min))
