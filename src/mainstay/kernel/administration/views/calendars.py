"""What calendars have beyond the pages of every row: trying one out, and taking days off from a file."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from mainstay.kernel.access.doors import ActingRequest, door
from mainstay.kernel.administration.forms import ExactForm
from mainstay.kernel.administration.queries import may_enter, rows_of
from mainstay.kernel.administration.trial import MOST_ROWS, WIDE, TrialForm, in_hours, local_time, strip
from mainstay.kernel.calendars.configuration import CAPABILITY
from mainstay.kernel.calendars.gateways.day_files import lines_of
from mainstay.kernel.calendars.models import Calendar
from mainstay.kernel.calendars.queries import calendars_in_use, timetable, try_out
from mainstay.kernel.practice.configuration import kinds, put
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.web.pages import redirect, render, toast

#: How far before and after today rules of a file are reckoned, in days.
BEFORE, AFTER = 366, 5 * 366


class DaysForm(ExactForm):
    """A calendar file with days off."""

    file = forms.FileField(
        label=gettext_lazy("Calendar file"),
        help_text=gettext_lazy("Of the type iCalendar (.ics). What it names elsewhere is not fetched."),
        widget=forms.FileInput(attrs={"accept": ".ics,text/calendar"}),
    )


@door(CAPABILITY)
@require_GET
def try_calendar(request: ActingRequest, key: str) -> HttpResponse:
    """Show what a clock would say on a calendar, as a strip."""
    if not may_enter(request.actor, kinds()["calendars"]):
        raise Http404
    row = Calendar.objects.filter(slug=key).first()
    if row is None:
        raise Http404
    calendar = timetable(row)
    local = timezone.now().astimezone(calendar.zone).replace(tzinfo=None, second=0, microsecond=0)
    initial = {"start": local.isoformat(timespec="minutes"), "amount": 8, "unit": "hours"}
    form = TrialForm(calendar, request.GET if "start" in request.GET else None, initial)
    context: dict[str, Any] = {"row": row, "form": form, "others": calendars_in_use(), "query": request.GET.urlencode()}
    status = 200
    if form.is_bound:
        try:
            context |= _answer(form) if form.is_valid() else {}
        except Invalid as refused:
            form.refuse_question(refused)
        status = 422 if form.errors else 200
    return render(request, "administration/calendar_try.html", context, status=status)


def _answer(form: TrialForm) -> dict[str, Any]:
    asked = form.question()
    trial = try_out(form.calendar, asked)
    return {
        "trial": trial,
        "due": trial.due and local_time(form.calendar, trial.due),
        "asked_due": asked.minutes is not None or asked.days is not None,
        "elapsed": None if trial.elapsed is None else in_hours(trial.elapsed),
        "strip": strip(form.calendar, trial),
        "wide": WIDE,
        "most": MOST_ROWS,
        "in_hours": in_hours,
    }


@door(CAPABILITY)
@require_http_methods(["GET", "POST"])
def take_days(request: ActingRequest, key: str) -> HttpResponse:
    """Take the days off of a version of a calendar from a file; those of the file before are replaced."""
    kind = kinds()["calendar-versions"]
    row = rows_of(request.actor, kind).get(key)
    if row is None:
        raise Http404
    form = DaysForm(request.POST if request.method == "POST" else None, request.FILES or None)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                lines = _read(form.cleaned_data["file"], timezone.now())
                put(kind, key, {"imported": lines}, by=request.actor)
            except Invalid as refused:
                form.refuse({"file": refused.message})
            else:
                toast(request, _("%(number)d lines of days off were taken over.") % {"number": len(lines)})
                return redirect(request, "administration:calendar-versions-row", key=key)
    context = {"key": key, "row": row, "form": form, "kind": kind}
    return render(request, "administration/calendar_days.html", context, status=status)


def _read(file: Any, now: datetime) -> list[str]:
    today = now.date()
    return lines_of(file.read(), first=today - timedelta(days=BEFORE), last=today + timedelta(days=AFTER))
