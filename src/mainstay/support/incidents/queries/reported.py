"""The figures that only incidents have."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.reports.expressions import total
from mainstay.kernel.reports.registry import Dimension, Measure, Report, ratio
from mainstay.support.incidents.models import Priority


def _level(text: str) -> int:
    if text not in map(str, Priority.values):
        raise ValueError(text)
    return int(text)


PRIORITIES = Dimension(
    "priority",
    _("Priority"),
    "priority",
    called=lambda key: Priority(key).label,
    read=_level,
    ordered=True,
)

HAND_OVERS = Report(
    name="hand-overs",
    label=_("Hand-overs"),
    formula=_(
        "How often another team or person was given an incident after the first, divided by the incidents opened in the"
        " period."
    ),
    rows=Q(kind="incident"),
    measures=(
        Measure("opened", _("Incidents opened")),
        Measure("handed_over", _("Handed over"), where=Q(incident__hand_overs__gt=0)),
        Measure(
            "hand_overs",
            _("Hand-overs"),
            "times",
            where=Q(incident__hand_overs__gt=0),
            aggregate=total("incident__hand_overs"),
        ),
        Measure("mean", _("Hand-overs per incident"), "times", derived=ratio("hand_overs", "opened")),
    ),
    drawn=("mean",),
    better="less",
    place=50,
)

REPORTS = (HAND_OVERS,)
