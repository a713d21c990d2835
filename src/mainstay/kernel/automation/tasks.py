"""Jobs about rules."""

from mainstay.kernel.automation.actions.replaying import replay_rule
from mainstay.kernel.automation.actions.sweeping import sweep as sweep_traces
from mainstay.kernel.jobs.registry import BULK, job


@job("automation.sweep", queue=BULK, cron="13 4 * * *")
def sweep(timestamp: int) -> None:
    """Clear away the old account of what rules did, every night."""
    sweep_traces()


@job("automation.replay", queue=BULK)
def replay(replay: int) -> None:
    """Try a rule on many past records."""
    replay_rule(replay)
