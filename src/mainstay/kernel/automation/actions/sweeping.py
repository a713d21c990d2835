"""Forgetting what is kept for a while only."""

from datetime import timedelta

from django.utils import timezone

from mainstay.kernel.automation.models import Trace
from mainstay.kernel.practice import settings


def sweep() -> int:
    """Remove the account of what rules did that is older than the setting `automation.keep_days`; return how much."""
    oldest = timezone.now() - timedelta(days=settings.value("automation.keep_days"))
    return Trace.objects.filter(at__lt=oldest).delete()[0]
