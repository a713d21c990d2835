"""What happens by itself when something happens to an incident."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.access.actor import system
from mainstay.kernel.events.models import Event
from mainstay.kernel.events.registry import on
from mainstay.kernel.notify.registry import Announcement, announce, concerns
from mainstay.kernel.practice import settings
from mainstay.kernel.records.models import Record
from mainstay.kernel.search import registry as search
from mainstay.support.incidents import actions, queries
from mainstay.support.incidents.lifecycle import S
from mainstay.support.incidents.models import HoldReason, Incident
from mainstay.support.incidents.queries.major import deciding_on

search.text("incident", Incident, ("description", "solution"), moves=("resolved",))


def _solution(record: Record, event: Event) -> str:
    return Incident.objects.values_list("solution", flat=True).get(pk=record.pk)


def _hold_reason(record: Record, event: Event) -> str:
    _before, reason = event.changes["hold_reason"]
    return HoldReason.objects.values_list("requester_label", flat=True).get(pk=reason)


LAST_REMINDER = _("This is the last reminder. Without an answer we take your report as solved.")


def _awaited(record: Record, event: Event) -> str:
    reason = Incident.objects.values_list("hold_reason__requester_label", flat=True).get(pk=record.pk) or ""
    last = str(LAST_REMINDER) if event.data["last"] else ""
    return "\n".join(filter(None, (reason, last)))


#: What people hear of; assigning, editing and linking reach the requester only through what comes of them.
ANNOUNCEMENTS = {
    "created": Announcement(
        "work",
        staff=_("A new case came in for your team."),
        requester=_("We have taken down a report for you."),
        following=_("We write to you as soon as someone works on it. You can add to it at any time."),
        to_team=True,
    ),
    "assigned": Announcement("work", staff=_("This was assigned to you or your team."), to_team=True),
    "handed_over": Announcement("work", staff=_("%(author)s handed this over to your team."), to_team=True),
    "escalated": Announcement("work", staff=_("%(author)s escalated this."), to_team=True),
    "started": Announcement(
        "progress",
        requester=_("Someone is working on your report."),
        following=_("We write to you when it is solved or when we need to know more."),
    ),
    "commented": Announcement(
        "conversation",
        staff=_("%(author)s wrote something new."),
        requester=_("%(author)s wrote to you."),
        following=_("If there is a question in it, please answer on the page of your case."),
    ),
    "held": Announcement(
        "progress",
        staff=_("%(author)s put this on hold."),
        requester=_("Your report has to wait for something."),
        following=_("We go on as soon as we can. If we wait for you, please answer on the page of your case."),
        detail=_hold_reason,
    ),
    "reminded": Announcement(
        "conversation",
        requester=_("Your report still waits for your answer."),
        following=_("Please answer on the page of your case. We go on as soon as your answer is there."),
        detail=_awaited,
    ),
    "resumed": Announcement("progress", staff=_("This is no longer on hold.")),
    "resolved": Announcement(
        "progress",
        staff=_("%(author)s resolved this."),
        requester=_("We think your report is solved."),
        following=_("Please confirm on the page of your case that it works, or tell us there that it does not."),
        detail=_solution,
    ),
    "reopened": Announcement(
        "work",
        staff=_("The solution did not hold: this was reopened."),
        requester=_("We have taken up your report again."),
        following=_("We write to you as soon as there is something new."),
        to_team=True,
    ),
    "closed": Announcement(
        "progress",
        staff=_("This was closed."),
        requester=_("Your report is closed."),
        following=_("If it happens again, open the page of your case and tell us so."),
    ),
    "merged": Announcement(
        "progress",
        requester=_("We handle your report together with another about the same."),
        following=_("Nothing is lost: you hear from us here as before, and you can add to it at any time."),
    ),
    "unmerged": Announcement("work", staff=_("This goes on by itself again."), to_team=True),
    "cancelled": Announcement(
        "progress",
        staff=_("%(author)s cancelled this."),
        requester=_("Your report was withdrawn without a solution."),
        following=_("If you still need help, please report it again."),
    ),
    "major_proposed": Announcement("work", staff=_("This is proposed as a major incident: please decide on it.")),
    "major_accepted": Announcement("work", staff=_("This is a major incident, and you are named for its response.")),
    "major_appointed": Announcement("work", staff=_("You are named for the response to this major incident.")),
}
for past, announcement in ANNOUNCEMENTS.items():
    announce(f"incident.{past}", announcement)


@concerns("incident.major_proposed")
def those_who_decide(event: Event) -> set[int]:
    """A proposal concerns whoever may decide on it."""
    incident = Record.objects.select_related("organisation").get(pk=event.record_id or 0)
    return set(deciding_on(incident).values_list("pk", flat=True)) - {event.actor_id or 0}


@concerns("incident.major_accepted")
@concerns("incident.major_appointed")
def those_who_lead(event: Event) -> set[int]:
    """The response concerns who leads it and who tells people about it."""
    return {event.data["leader"], event.data["speaker"]} - {event.actor_id}


@on("incident.commented")
def resume_when_the_requester_replies(event: Event) -> None:
    """A public word from the requester ends the wait."""
    if not event.public or event.record_id is None:
        return
    incident = Incident.objects.filter(pk=event.record_id, state=S.PENDING.slug, requester_id=event.actor_id).first()
    if incident is not None:
        actions.resume(incident, by=system("rule"))


@on("incident.created")
@on("incident.edited")
def propose_by_priority(event: Event) -> None:
    """An incident of a high priority is proposed as a major one, where administrators want that."""
    limit = settings.value("incidents.major_from_priority")
    if limit and (
        incident := Incident.objects.filter(pk=event.record_id or 0, priority__lte=limit, major=None).first()
    ):
        actions.propose_major(incident, by=system("rule"), reason=_now("By its priority"))


@on("incident.linked")
def propose_by_children(event: Event) -> None:
    """An incident with many children is proposed as a major one, where administrators want that."""
    limit = settings.value("incidents.major_from_children")
    if not limit or event.data["kind"] != "parent_of" or not event.data["outward"]:
        return
    incident = Incident.objects.filter(
        pk=event.record_id or 0, major=None, state_category__in=("open", "paused")
    ).first()
    if incident is not None and queries.children_of(incident).count() >= limit:
        actions.propose_major(incident, by=system("rule"), reason=_now("By the number of its children"))
