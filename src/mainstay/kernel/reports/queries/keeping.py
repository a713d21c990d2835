"""Asking for the reports that somebody keeps."""

from django.db.models import QuerySet

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.reports.models import SavedReport


def kept_by(actor: Actor) -> QuerySet[SavedReport]:
    """Return the reports that `actor` keeps, by name."""
    return SavedReport.objects.filter(person_id=actor.person_id or 0)
