"""Jobs about reports."""

from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.jobs.registry import BULK, job
from mainstay.kernel.mail.actions import MOST_ATTEMPTS
from mainstay.kernel.mail.gateways import smtp
from mainstay.kernel.reports import actions, queries
from mainstay.kernel.reports.gateways.tables import MEDIA, written
from mainstay.kernel.reports.models import SavedReport
from mainstay.kernel.reports.queries.asking import understand
from mainstay.kernel.reports.wording import days_of, heading, number, sheet


@job("reports.find_due", cron="*/10 * * * *")
def find_due(timestamp: int) -> None:
    """Let the reports be mailed that are due, every ten minutes."""
    actions.queue_due()


@job("reports.send", queue=BULK, attempts=MOST_ATTEMPTS)
def send(saved: int, due: str) -> None:
    """Mail a report to whoever keeps it."""
    actions.send(saved, due, make=make, by_way_of=smtp.send)


def make(reader: Actor, saved: SavedReport) -> actions.Made:
    """Compute a report that somebody keeps, in their words and days."""
    asked = understand(reader, saved.report, QueryDict(saved.query), ZoneInfo(saved.person.zone))
    table = queries.tabulate(reader, asked)
    content = written(sheet(asked, table), saved.form, made=timezone.now())
    subject = _("%(name)s: %(days)s") % {"name": saved.name, "days": days_of(asked)}
    figures = [f"{heading(each)}: {number(table.total.values[each.name])}" for each in asked.report.measures]
    paragraphs = [f"{asked.report.label}, {days_of(asked)}", "\n".join(figures), str(asked.report.formula)]
    return subject, paragraphs, (f"{saved.report}-{asked.start}-{asked.end}.{saved.form}", MEDIA[saved.form], content)
