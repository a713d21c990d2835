"""The life of an incident, as data."""

from django.utils.translation import gettext_lazy as _

from mainstay.kernel.lifecycle import Lifecycle, Move, State


class S:
    """The states. Administrators give them labels; these are the ones shipped."""

    NEW = State("new", "open", _("New"), _("We have received it"))
    ASSIGNED = State("assigned", "open", _("Assigned"), _("It is with the right team"))
    IN_PROGRESS = State("in_progress", "open", _("In progress"), _("Someone is on it"))
    PENDING = State("pending", "paused", _("Pending"), _("Waiting"))
    RESOLVED = State("resolved", "resolved", _("Resolved"), _("We think it is solved"))
    CLOSED = State("closed", "closed", _("Closed"), _("Closed"))
    CANCELLED = State("cancelled", "closed", _("Cancelled"), _("Withdrawn"))
    MERGED = State("merged", "closed", _("Merged"), _("We handle it together with another"))


WORKED_ON = (S.NEW, S.ASSIGNED, S.IN_PROGRESS)
UNRESOLVED = (*WORKED_ON, S.PENDING)

LIFECYCLE = Lifecycle(
    S.NEW,
    (
        Move("assign", WORKED_ON, S.ASSIGNED, "assigned", _("Assign"), accepts=("team", "person")),
        Move("assign", (S.PENDING,), S.PENDING, "assigned", _("Assign"), accepts=("team", "person")),
        *(
            Move("hand_over", sources, to, "handed_over", _("Hand over"), ("team", "reason"), ("person",))
            for sources, to in ((WORKED_ON, S.ASSIGNED), ((S.PENDING,), S.PENDING))
        ),
        *(
            Move("escalate", (state,), state, "escalated", _("Escalate"), ("reason",), ("team", "person"))
            for state in UNRESOLVED
        ),
        Move("start", (S.NEW, S.ASSIGNED), S.IN_PROGRESS, "started", _("Start work")),
        Move("hold", WORKED_ON, S.PENDING, "held", _("Put on hold"), requires=("reason",), accepts=("until",)),
        Move("resume", (S.PENDING,), S.IN_PROGRESS, "resumed", _("Resume")),
        Move(
            "resolve",
            UNRESOLVED,
            S.RESOLVED,
            "resolved",
            _("Resolve"),
            requires=("solution", "closing_category"),
        ),
        Move("reopen", (S.RESOLVED,), S.ASSIGNED, "reopened", _("Reopen"), requires=("reason",)),
        Move("close", (S.RESOLVED,), S.CLOSED, "closed", _("Close")),
        Move("cancel", UNRESOLVED, S.CANCELLED, "cancelled", _("Cancel"), requires=("reason",)),
    ),
    merged=S.MERGED,
)
