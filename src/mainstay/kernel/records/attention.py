"""Why a record needs somebody now: one short word on the record, which lists show and filter by.

Whoever writes it says here what it is called. There is one at a time: a reason gives way only to who wrote it.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

UPDATE_DUE, UPDATE_OVERDUE = "update_due", "update_overdue"
#: What each reason is called.
ATTENTIONS: dict[str, Any] = {
    UPDATE_DUE: _("Promised news is due soon"),
    UPDATE_OVERDUE: _("Promised news is overdue"),
}
#: Reasons that the promise of news gives.
OF_PROMISES = ("", UPDATE_DUE, UPDATE_OVERDUE)
