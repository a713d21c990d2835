"""What the interface takes and shows of absences."""

from datetime import datetime

from typing_extensions import TypedDict

from mainstay.kernel.people.models import Absence
from mainstay.kernel.rest.schemas import Body, Email, Instant, PersonReference, closed, person_reference


class NewAbsence(Body):
    """When the caller is away, and who of their colleagues stands in."""

    begins: Instant
    ends: Instant
    substitute: Email | None = None


@closed
class AbsenceShown(TypedDict):
    """When the caller is away, and whom they named to stand in."""

    id: str
    begins: datetime
    ends: datetime
    substitute: PersonReference | None


def absence_shown(absence: Absence) -> AbsenceShown:
    """Return an absence as the interface shows it."""
    return {
        "id": str(absence.uuid),
        "begins": absence.begins,
        "ends": absence.ends,
        "substitute": person_reference(absence.substitute),
    }
