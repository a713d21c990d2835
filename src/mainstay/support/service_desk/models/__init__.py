"""What a contact has beyond every record, and the rows that configure the desk."""

from mainstay.support.service_desk.models.announcements import Announcement, Telling
from mainstay.support.service_desk.models.desk import Contact, Desk, Source, Type, UpdatePromise
from mainstay.support.service_desk.models.prepared import (
    AttachedChecklist,
    CannedAnswer,
    Checklist,
    ForCases,
    Macro,
    Runbook,
    RunbookRun,
)
from mainstay.support.service_desk.models.satisfaction import Rating
from mainstay.support.service_desk.models.together import (
    Broadcast,
    BroadcastTarget,
    Deed,
    Following,
    FollowingTarget,
    Follows,
    LinkPolicy,
    Target,
    TargetState,
)

__all__ = [
    "Announcement",
    "AttachedChecklist",
    "Broadcast",
    "BroadcastTarget",
    "CannedAnswer",
    "Checklist",
    "Contact",
    "Deed",
    "Desk",
    "Following",
    "FollowingTarget",
    "Follows",
    "ForCases",
    "LinkPolicy",
    "Macro",
    "Rating",
    "Runbook",
    "RunbookRun",
    "Source",
    "Target",
    "TargetState",
    "Telling",
    "Type",
    "UpdatePromise",
]
