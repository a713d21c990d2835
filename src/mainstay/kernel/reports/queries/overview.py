"""Every report at a glance: its main figure lately, and how it was before."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.reports.engine.periods import DAY
from mainstay.kernel.reports.queries import patience, total
from mainstay.kernel.reports.queries.asking import EXACT, understand
from mainstay.kernel.reports.registry import Measure, Report, reports

#: Days that are compared with as many before them.
LATELY = 30


@dataclass(frozen=True)
class Glance:
    """A report's main measure over the last days and over as many before; `trend` says which way is which."""

    report: Report
    measure: Measure
    now: float | None
    before: float | None

    @property
    def change(self) -> float | None:
        """How much more it is than before."""
        return None if self.now is None or self.before is None else self.now - self.before

    @property
    def judgement(self) -> str:
        """Whether it became `better` or `worse`; empty where it stayed, or where nobody can say."""
        if not self.report.better or not self.change:
            return ""
        return "better" if (self.change > 0) == (self.report.better == "more") else "worse"


def glances(actor: Actor, zone: ZoneInfo) -> list[Glance]:
    """Return every report at a glance, in their order. Raises NotPossible when that takes too long."""
    with patience():
        return [_glance(actor, each, zone) for each in reports().values() if each.glanced]


def _glance(actor: Actor, report: Report, zone: ZoneInfo) -> Glance:
    today = timezone.now().astimezone(zone).date()
    first = today - (LATELY - 1) * DAY
    now = _value(actor, report, first, today, zone)
    before = _value(actor, report, first - LATELY * DAY, first - DAY, zone)
    main = next(each for each in report.measures if each.name == report.drawn[0])
    return Glance(report, main, now, before)


def _value(actor: Actor, report: Report, first: date, last: date, zone: ZoneInfo) -> float | None:
    days = {"range": [EXACT], "start": [first.isoformat()], "end": [last.isoformat()], "by": ["month"]}
    return total(actor, understand(actor, report.name, MultiValueDict(days), zone)).values[report.drawn[0]]
