"""Who hears of what happens to a contact, of promises and of satisfaction, where its words are found, that new mails
become one, and that cases of every kind get their checklists."""

from django.utils.translation import gettext_lazy as _

from mainstay.kernel.access.actor import Actor, system
from mainstay.kernel.events.models import Event
from mainstay.kernel.events.registry import on
from mainstay.kernel.jobs.registry import defer
from mainstay.kernel.mail.registry import NewMail, becomes
from mainstay.kernel.notify.registry import Announcement, announce, concerns
from mainstay.kernel.practice.registry import kinds
from mainstay.kernel.records import actions as records
from mainstay.kernel.records.models import Record
from mainstay.kernel.search import registry as search
from mainstay.support.service_desk import actions, queries
from mainstay.support.service_desk.models import Contact, Deed, Source
from mainstay.support.service_desk.models.satisfaction import SCORES
from mainstay.support.service_desk.queries.cases import STAGES
from mainstay.support.service_desk.queries.guiding import any_automatic
from mainstay.support.service_desk.queries.promises import awaits_requester, promised_from, starts_promise
from mainstay.support.service_desk.queries.ratings import concerned_by_rating

search.text("contact", Contact, ("description", "solution"), moves=("answered",))


def _solution(record: Record, event: Event) -> str:
    return Contact.objects.filter(pk=record.pk).values_list("solution", flat=True).first() or ""


#: What people hear of; what it becomes is the desk's affair, so the requester hears of it from what follows.
ANNOUNCEMENTS = {
    "created": Announcement(
        "work",
        staff=_("A new contact came in for your team."),
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
    "answered": Announcement(
        "progress",
        staff=_("%(author)s answered this."),
        requester=_("We have an answer for you."),
        following=_("Please confirm on the page of your case that it helped, or tell us there that it did not."),
        detail=_solution,
    ),
    "reopened": Announcement(
        "work",
        staff=_("The answer did not help: this was reopened."),
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
    "cancelled": Announcement(
        "progress",
        staff=_("%(author)s cancelled this."),
        requester=_("Your report was withdrawn without a solution."),
        following=_("If you still need help, please report it again."),
    ),
    "merged": Announcement(
        "progress",
        requester=_("We handle your report together with another about the same."),
        following=_("Nothing is lost: you hear from us here as before, and you can add to it at any time."),
    ),
    "unmerged": Announcement("work", staff=_("This goes on by itself again."), to_team=True),
    "converted": Announcement("work", staff=_("%(author)s found out what this is: work for your team."), to_team=True),
}
for past, announcement in ANNOUNCEMENTS.items():
    announce(f"contact.{past}", announcement)

#: What those who have a case hear of its promise, whatever its kind.
OF_PROMISES = {
    "update_due": Announcement("work", staff=_("The caller is to hear from you soon."), to_team=True),
    "update_overdue": Announcement("work", staff=_("The caller should have heard from you by now."), to_team=True),
}
for kind in STAGES:
    for past, announcement in OF_PROMISES.items():
        announce(f"{kind}.{past}", announcement)


MENTIONED = Announcement("conversation", staff=_("%(author)s mentioned you."))


WOKEN = Announcement("work", staff=_("A case that you put aside is back."))


def _those_named(event: Event) -> set[int]:
    return set(event.data["people"])


LEFT_OUT = Announcement("work", staff=_("A reply that you wrote to be sent later was left out."))


def _its_author(event: Event) -> set[int]:
    return {event.data["author"]}


for kind in STAGES:
    announce(f"{kind}.reply_left_out", LEFT_OUT)
    concerns(f"{kind}.reply_left_out")(_its_author)
    for past, announcement in {"mentioned": MENTIONED, "woken": WOKEN}.items():
        announce(f"{kind}.{past}", announcement)
        concerns(f"{kind}.{past}")(_those_named)


def promise_news(event: Event) -> None:
    """Promise a requester when they hear next, by the rule of the priority, from when they heard or wrote last."""
    if event.record_id is None or not starts_promise(event):
        return
    at = promised_from(event.record_id, event.occurred)
    if at is not None:
        records.renew(event.record_id, None if awaits_requester(event.record_id) else at)


#: What may start a promise: beside what requesters hear of, that a case is there and that it is taken up again. Moves
#: that end the work end the promise by themselves.
for kind, past in (
    *(("contact", past) for past in ("created", "started", "commented", "reopened")),
    *(("incident", past) for past in ("created", "started", "commented", "held", "resumed", "reminded", "reopened")),
):
    on(f"{kind}.{past}")(promise_news)


def _relay_later(event: Event) -> None:
    if actions.needs_relaying(event):
        defer("service_desk.relay", event=event.pk)


for kind in STAGES:
    for past in ("commented", *dict.fromkeys(move.past for move in kinds[kind].lifecycle.moves)):
        on(f"{kind}.{past}")(_relay_later)


#: What is said about satisfaction, whatever the kind; the mail that asks offers each answer as a link.
SATISFACTION = {
    "rating_asked": Announcement(
        "survey",
        requester=_("Are you satisfied with how we handled your case?"),
        following=_("One click and a word or two help us to do better. You can change your answer later."),
        answers=tuple((words, f"score={score}") for score, words in reversed(SCORES)),
    ),
    "rated": Announcement("work", staff=_("%(author)s is not satisfied; a follow-up is open.")),
}
for kind in STAGES:
    for past, announcement in SATISFACTION.items():
        announce(f"{kind}.{past}", announcement)
    concerns(f"{kind}.rated")(concerned_by_rating)


def ask_for_rating(event: Event) -> None:
    """Ask the requester of what ended how satisfied they are."""
    if event.record_id is not None:
        actions.ask_for_rating(event.record_id, by=system("rule"))


for name in ("contact.answered", "contact.closed", "incident.resolved", "incident.closed"):
    on(name)(ask_for_rating)


@on("contact.answered")
@on("incident.resolved")
def resolve_what_follows(event: Event) -> None:
    """Children and duplicates are resolved with what they hang on, where their policy says so."""
    actions.follow_by_policy(event, Deed.RESOLVE)


@on("contact.closed")
@on("incident.closed")
def close_what_follows(event: Event) -> None:
    """Children and duplicates are closed with what they hang on, where their policy says so."""
    actions.follow_by_policy(event, Deed.CLOSE)


for kind in STAGES:
    on(f"{kind}.commented")(actions.pass_on)


@becomes
def contact_from_mail(mail: NewMail, by: Actor) -> Record:
    """Take a new mail in as a contact; a team that does not work for its sender is left out."""
    teams = queries.assignable_teams(mail.requester.organisation)
    return actions.create(
        by=by,
        title=mail.title,
        description=mail.text,
        requester=mail.requester,
        team=mail.team if mail.team and teams.filter(pk=mail.team.pk).exists() else None,
        category=mail.category,
        source=Source.MAIL,
    )


@on("*.created")
def give_checklists(event: Event) -> None:
    """A new case gets the checklists of its category."""
    _keep_checklists(event)


@on("*.edited")
@on("*.converted")
def give_checklists_of_the_new_category(event: Event) -> None:
    """With another category, or as another kind, a case gets other checklists."""
    if {"category", "kind"} & event.changes.keys():
        _keep_checklists(event)


def _keep_checklists(event: Event) -> None:
    kind = event.name.partition(".")[0]
    if event.record_id is None or kind not in kinds or not any_automatic(kind):
        return
    record = Record.objects.select_related("category__parent__parent").get(pk=event.record_id)
    actions.keep_checklists(record, by=system("rule"))
