"""What it takes to see reports, and what every kind of case can be divided by."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.kernel.access import registry as access
from mainstay.kernel.practice.apps import names_of_records
from mainstay.kernel.reports.queries import AGES, age_called
from mainstay.kernel.reports.registry import Dimension, dimension

access.declare({"report.read": _("See reports")})


def _age(text: str) -> int:
    if text not in map(str, range(len(AGES))):
        raise ValueError(text)
    return int(text)


def _kind(key: Any) -> Any:
    return names_of_records().get(key, key)


dimension(Dimension("team", _("Team"), "team__slug", "team__name"))
dimension(Dimension("organisation", _("Organisation"), "organisation__slug", "organisation__name"))
dimension(Dimension("category", _("Category"), "category__slug", "category__name"))
dimension(Dimension("kind", _("Kind"), "kind", called=_kind))
dimension(Dimension("age", _("Age"), "report_age", called=age_called, read=_age, ordered=True, stocks=True))
