"""The figures of the desk: each declared once, with its formula, over the cases of every kind."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.events.models import Event
from mainstay.kernel.practice.registry import kinds
from mainstay.kernel.records.models import WorkLog
from mainstay.kernel.reports.expressions import hours_between, mean, percentile, total
from mainstay.kernel.reports.registry import Dimension, Measure, Report, difference, ratio, share
from mainstay.support.incidents.models import Source as IncidentSource
from mainstay.support.service_desk.models import Source
from mainstay.support.service_desk.queries import KIND

#: How cases reach a desk; the last ones come with imports.
CHANNELS: Mapping[str, Any] = {
    **dict(Source.choices),
    **dict(IncidentSource.choices),
    "ivr": _("Voice menu"),
    "direct": _("Opened directly"),
}
CHANNEL = Dimension(
    "channel",
    _("Channel"),
    Coalesce("incident__source", "contact__source"),
    called=lambda key: CHANNELS.get(key, key),
)

ANSWERED = Q(kind=KIND, resolved__isnull=False)


def _turned() -> dict[str, Any]:
    converted = Event.objects.filter(name="contact.converted", record_id=OuterRef("pk"))
    return {"turned": Exists(converted)}


def _reopenings() -> dict[str, Any]:
    return {"reopenings": Coalesce("incident__reopenings", "contact__reopenings", 0)}


def _first_assignment() -> dict[str, Any]:
    names = [f"{kind}.assigned" for kind in kinds]
    first: QuerySet[Any, Any] = Event.objects.filter(record_id=OuterRef("pk"), name__in=names).order_by(
        "occurred", "id"
    )
    return {"first_assigned": Subquery(first.values("occurred")[:1])}


def _work() -> dict[str, Any]:
    entries: QuerySet[Any, Any] = WorkLog.objects.filter(record=OuterRef("pk")).order_by().values("record")
    return {"worked": Subquery(entries.annotate(sum=Sum("minutes")).values("sum"))}


HOURS_OPEN = hours_between("opened", "resolved")
HOURS_UNASSIGNED = hours_between("opened", "first_assigned")
RATED = Q(rating__score__isnull=False)
ASSIGNED = Q(first_assigned__isnull=False)
WORKED = Q(worked__isnull=False)

REPORTS = (
    Report(
        name="volume",
        label=_("Opened and resolved"),
        formula=_(
            "Opened: cases that came in. Resolved: cases whose last resolution falls into the period. Growth: opened"
            " less resolved."
        ),
        measures=(
            Measure("opened", _("Opened")),
            Measure("resolved", _("Resolved"), moment="resolved"),
            Measure("growth", _("Growth"), derived=difference("opened", "resolved"), listed=False),
        ),
        drawn=("opened", "resolved"),
        place=10,
    ),
    Report(
        name="channels",
        label=_("Channels"),
        formula=_("Cases that came in during the period, by the way in which they reached the desk."),
        measures=(Measure("opened", _("Opened")),),
        drawn=("opened",),
        by="channel",
        glanced=False,
        place=15,
    ),
    Report(
        name="backlog",
        label=_("Backlog"),
        formula=_(
            "Cases opened before the end of the period and neither resolved nor cancelled by then, and how old they"
            " were on average. A case that was reopened counts as open all the time."
        ),
        measures=(Measure("cases", _("Open")), Measure("mean_age", _("Mean age"), "days")),
        drawn=("cases",),
        stock=True,
        better="less",
        place=20,
    ),
    Report(
        name="first-contact",
        label=_("Solved at first contact"),
        formula=_(
            "Of the contacts opened in the period that were answered or became something else: the share that was"
            " answered and never reopened."
        ),
        annotations=_turned,
        rows=Q(kind=KIND) | Q(turned=True),
        measures=(
            Measure("at_once", _("Solved at first contact"), where=ANSWERED & Q(contact__reopenings=0)),
            Measure("settled", _("Answered or turned"), where=ANSWERED | Q(turned=True)),
            Measure("rate", _("Rate"), "percent", where=ANSWERED | Q(turned=True), derived=share("at_once", "settled")),
        ),
        drawn=("rate",),
        better="more",
        place=30,
    ),
    Report(
        name="reopened",
        label=_("Reopened"),
        formula=_("Of the cases opened in the period and resolved since: the share that was reopened at least once."),
        annotations=_reopenings,
        measures=(
            Measure("solved", _("Resolved"), where=Q(resolved__isnull=False) | Q(reopenings__gt=0)),
            Measure("reopened", _("Reopened"), where=Q(reopenings__gt=0)),
            Measure("times", _("Reopenings"), "times", where=Q(reopenings__gt=0), aggregate=total("reopenings")),
            Measure(
                "rate",
                _("Rate"),
                "percent",
                where=Q(resolved__isnull=False) | Q(reopenings__gt=0),
                derived=share("reopened", "solved"),
            ),
        ),
        drawn=("rate",),
        better="less",
        place=40,
    ),
    Report(
        name="assignment",
        label=_("Time to assignment"),
        formula=_(
            "For the cases opened in the period: plain hours from opening until somebody was first given it. Half of"
            " them took no longer than the median, nine of ten no longer than the 90th percentile."
        ),
        annotations=_first_assignment,
        measures=(
            Measure("assigned", _("Assigned"), where=ASSIGNED),
            Measure("median", _("Median"), "hours", where=ASSIGNED, aggregate=percentile(HOURS_UNASSIGNED, 0.5)),
            Measure(
                "ninetieth", _("90th percentile"), "hours", where=ASSIGNED, aggregate=percentile(HOURS_UNASSIGNED, 0.9)
            ),
        ),
        drawn=("median", "ninetieth"),
        better="less",
        place=60,
    ),
    Report(
        name="resolution-time",
        label=_("Time to resolution"),
        formula=_(
            "For the cases resolved in the period: plain hours from opening to the last resolution. Half of them took"
            " no longer than the median, nine of ten no longer than the 90th percentile."
        ),
        measures=(
            Measure("resolved", _("Resolved"), moment="resolved"),
            Measure("median", _("Median"), "hours", moment="resolved", aggregate=percentile(HOURS_OPEN, 0.5)),
            Measure(
                "ninetieth", _("90th percentile"), "hours", moment="resolved", aggregate=percentile(HOURS_OPEN, 0.9)
            ),
            Measure("mean", _("Mean"), "hours", moment="resolved", aggregate=mean(HOURS_OPEN)),
        ),
        drawn=("median", "ninetieth"),
        better="less",
        place=70,
    ),
    Report(
        name="satisfaction",
        label=_("Satisfaction"),
        formula=_(
            "Answers to the question whether the requester is satisfied, from 1 to 5, by when they were first given:"
            " their mean, and the share of 4 and 5. Response: of the requests for an answer that went out in the"
            " period, the share that was answered since."
        ),
        rows=Q(rating__isnull=False),
        measures=(
            Measure("answers", _("Answers"), where=RATED, moment="rating__answered"),
            Measure(
                "mean", _("Mean"), "points", where=RATED, moment="rating__answered", aggregate=mean("rating__score")
            ),
            Measure("satisfied", _("Satisfied"), where=Q(rating__score__gte=4), moment="rating__answered"),
            Measure("dissatisfied", _("Not satisfied"), where=Q(rating__score__lte=2), moment="rating__answered"),
            Measure(
                "rate",
                _("Satisfied"),
                "percent",
                where=RATED,
                moment="rating__answered",
                derived=share("satisfied", "answers"),
            ),
            Measure("asked", _("Asked"), moment="rating__asked"),
            Measure("replied", _("Asked and answered"), where=RATED, moment="rating__asked"),
            Measure("response", _("Response"), "percent", moment="rating__asked", derived=share("replied", "asked")),
        ),
        drawn=("rate",),
        better="more",
        place=75,
    ),
    Report(
        name="work",
        label=_("Working time"),
        formula=_(
            "For the cases resolved in the period on which working time was logged: all of that time, and its mean per"
            " case."
        ),
        annotations=_work,
        measures=(
            Measure("cases", _("Cases with working time"), where=WORKED, moment="resolved"),
            Measure(
                "minutes", _("Working time"), "minutes", where=WORKED, moment="resolved", aggregate=total("worked")
            ),
            Measure(
                "mean",
                _("Mean per case"),
                "minutes",
                where=WORKED,
                moment="resolved",
                derived=ratio("minutes", "cases"),
            ),
        ),
        drawn=("mean",),
        place=80,
    ),
)
