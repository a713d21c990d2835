"""The life of a contact, as data."""

from django.utils.translation import gettext_lazy as _

from mainstay.kernel.lifecycle import Lifecycle, Move, State


class S:
    """The states. Administrators give them labels; these are the ones shipped."""

    NEW = State("new", "open", _("New"), _("We have received it"))
    IN_PROGRESS = State("in_progress", "open", _("In progress"), _("Someone is on it"))
    ANSWERED = State("answered", "resolved", _("Answered"), _("We have answered"))
    CLOSED = State("closed", "closed", _("Closed"), _("Closed"))
    CANCELLED = State("cancelled", "closed", _("Cancelled"), _("Withdrawn"))
    MERGED = State("merged", "closed", _("Merged"), _("We handle it together with another"))


UNANSWERED = (S.NEW, S.IN_PROGRESS)

LIFECYCLE = Lifecycle(
    S.NEW,
    (
        Move("assign", (S.NEW,), S.NEW, "assigned", _("Assign"), accepts=("team", "person")),
        Move("assign", (S.IN_PROGRESS,), S.IN_PROGRESS, "assigned", _("Assign"), accepts=("team", "person")),
        *(
            Move("hand_over", (state,), state, "handed_over", _("Hand over"), ("team", "reason"), ("person",))
            for state in UNANSWERED
        ),
        *(
            Move("escalate", (state,), state, "escalated", _("Escalate"), ("reason",), ("team", "person"))
            for state in UNANSWERED
        ),
        Move("start", (S.NEW,), S.IN_PROGRESS, "started", _("Start work")),
        Move("answer", UNANSWERED, S.ANSWERED, "answered", _("Answer"), requires=("solution",)),
        Move("reopen", (S.ANSWERED,), S.IN_PROGRESS, "reopened", _("Reopen"), requires=("reason",)),
        Move("close", (S.ANSWERED,), S.CLOSED, "closed", _("Close")),
        Move("cancel", UNANSWERED, S.CANCELLED, "cancelled", _("Cancel"), requires=("reason",)),
    ),
    merged=S.MERGED,
)
