"""Who answers for a contact, and until when."""

from datetime import datetime
from typing import Any

from mainstay.kernel.people.models import Organisation
from mainstay.kernel.practice import settings
from mainstay.support.incidents.engine.closing import closing_instant
from mainstay.support.service_desk import queries
from mainstay.support.service_desk.models import Type


def owning(organisation: Organisation, type_: str, opened: datetime) -> dict[str, Any]:
    """Return owner and due date of a contact: a complaint goes to those who answer for complaints, within its days.

    Without a desk for the organisation nobody is named, and what the desk's rows say now holds, not what they said.
    """
    desk = queries.desk_for(organisation)
    if type_ != Type.COMPLAINT:
        return {"owner": desk.team if desk else None, "due": None}
    days = settings.value("service_desk.complaint_days")
    owner = (desk.complaints or desk.team) if desk else None
    return {"owner": owner, "due": closing_instant(opened, days, organisation.zone)}
