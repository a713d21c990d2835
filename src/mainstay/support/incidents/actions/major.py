"""Major incidents: proposed, decided on, led, ended and looked back on. Each step is an event of the incident."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.events.actions import emit
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.errors import Invalid, NotPossible
from mainstay.kernel.records.models import Watch
from mainstay.kernel.records.queries import require
from mainstay.support.incidents import queries
from mainstay.support.incidents.models import LEARNT, Incident, MajorIncident

Stage = MajorIncident.Stage


@transaction.atomic
def propose(incident: Incident, *, by: Actor, reason: str) -> MajorIncident:
    """Propose that an incident be handled as a major one; one that was rejected may be proposed again.

    Raises NotPossible when it is proposed or accepted already, or no longer worked on.
    """
    require(by, "propose_major", incident)
    if incident.state_category not in ("open", "paused"):
        raise NotPossible(_("Nobody works on it any more."))
    now = {"stage": Stage.CANDIDATE, "proposed": timezone.now(), "proposal": _reason(reason)}
    major, made = MajorIncident.objects.get_or_create(incident=incident, defaults=now)
    if not made:
        _change(major, (Stage.REJECTED,), {**now, "decided": None, "decision": ""})
    _tell(major, "proposed", by, reason)
    return major


@transaction.atomic
def accept(
    major: MajorIncident, *, by: Actor, leader: Person, speaker: Person | None = None, reason: str = ""
) -> MajorIncident:
    """Handle it as a major incident, led by `leader`; `speaker` tells people about it, by default the same person.

    Both hear of it and watch it from now on.
    """
    require(by, "decide_major", major.incident)
    people = _checked(major, leader, speaker or leader)
    why = _reason(reason) if reason.strip() else ""
    decided = {"stage": Stage.ACCEPTED, "decided": timezone.now(), "decision": why, **people}
    _change(major, (Stage.CANDIDATE,), decided)
    _let_watch(major)
    _tell(major, "accepted", by, reason)
    return major


@transaction.atomic
def reject(major: MajorIncident, *, by: Actor, reason: str) -> MajorIncident:
    """Leave it an incident like others, with the reason why."""
    require(by, "decide_major", major.incident)
    values = {"stage": Stage.REJECTED, "decided": timezone.now(), "decision": _reason(reason)}
    _change(major, (Stage.CANDIDATE,), values)
    _tell(major, "rejected", by, reason)
    return major


@transaction.atomic
def appoint(major: MajorIncident, *, by: Actor, leader: Person, speaker: Person | None = None) -> MajorIncident:
    """Give the lead of a major incident to others, who hear of it and watch it from now on."""
    require(by, "decide_major", major.incident)
    _change(major, (Stage.ACCEPTED,), _checked(major, leader, speaker or leader))
    _let_watch(major)
    _tell(major, "appointed", by, "")
    return major


@transaction.atomic
def end(major: MajorIncident, *, by: Actor, reason: str) -> MajorIncident:
    """End the handling as a major incident, saying how it was restored; the incident itself goes its own way."""
    require(by, "decide_major", major.incident)
    _change(major, (Stage.ACCEPTED,), {"stage": Stage.ENDED, "ended": timezone.now(), "outcome": _reason(reason)})
    _tell(major, "ended", by, reason)
    return major


@transaction.atomic
def review(major: MajorIncident, *, by: Actor, causes: str, went_well: str = "", to_improve: str = "") -> MajorIncident:
    """Keep what was learnt from a major incident that has ended; what is to be done about it are tasks."""
    require(by, "decide_major", major.incident)
    words = {"causes": causes, "went_well": went_well, "to_improve": to_improve}
    cleaned = {name: text.replace("\x00", "").strip() for name, text in words.items()}
    if not cleaned["causes"]:
        raise Invalid({"causes": _("Say what caused it, or what is known of that.")})
    if long := [name for name, text in cleaned.items() if len(text) > LEARNT]:
        too_long = _("This is too long: at most %(number)d characters.") % {"number": LEARNT}
        raise Invalid(dict.fromkeys(long, too_long))
    _change(major, (Stage.ENDED,), {**cleaned, "reviewed": timezone.now()})
    _tell(major, "reviewed", by, "")
    return major


def _reason(reason: str) -> str:
    cleaned = reason.replace("\x00", "").strip()
    if not 0 < len(cleaned) <= 500:
        raise Invalid({"reason": _("Give a reason of at most 500 characters.")})
    return cleaned


def _checked(major: MajorIncident, leader: Person, speaker: Person) -> dict[str, Person]:
    able = set(queries.people_for([major.incident.organisation]).filter(pk__in=(leader.pk, speaker.pk)))
    people = {"leader": leader, "speaker": speaker}
    errors = {name: _("This person may not work on it.") for name, person in people.items() if person not in able}
    if errors:
        raise Invalid(errors)
    return people


def _change(major: MajorIncident, stages: tuple[str, ...], values: dict[str, Any]) -> None:
    """Write the values if the stage still is one of `stages`: of two who decide at once, one does."""
    if not MajorIncident.objects.filter(pk=major.pk, stage__in=stages).update(**values):
        raise NotPossible(_("This is not possible at this stage. Look at what others did meanwhile."))
    for name, value in values.items():
        setattr(major, name, value)


def _let_watch(major: MajorIncident) -> None:
    for person in (major.leader, major.speaker):
        Watch.objects.get_or_create(record_id=major.incident_id, person=person)


def _tell(major: MajorIncident, past: str, by: Actor, reason: str) -> None:
    named = past in ("accepted", "appointed") and major.leader and major.speaker
    data = {"to": major.leader_id, "leader": major.leader_id, "speaker": major.speaker_id} if named else {}
    emit(f"incident.major_{past}", by=by, record_id=major.incident.pk, reason=reason.strip(), data=data)


#: Every verb with its action, the values it takes, and the capability.
VERBS: dict[str, Any] = {"accept": accept, "reject": reject, "appoint": appoint, "end": end, "review": review}
