"""Forgetting what is kept for a while only."""

from datetime import timedelta

from django.utils import timezone

from mainstay.kernel.automation.models import Replay, Trace
from mainstay.kernel.practice import settings

#: Rules that were tried out are forgotten after so long.
REPLAYS = timedelta(days=7)


def sweep() -> int:
    """Remove the account of what rules did that is older than the setting `automation.keep_days`; return how much."""
    now = timezone.now()
    oldest = now - timedelta(days=settings.value("automation.keep_days"))
    return Trace.objects.filter(at__lt=oldest).delete()[0] + Replay.objects.filter(made__lt=now - REPLAYS).delete()[0]
