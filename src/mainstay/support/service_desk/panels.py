"""What the desk adds to the frame around every page and to lists, and where its records are shown."""

from collections.abc import Collection, Iterable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.doors import ActingRequest
from mainstay.kernel.mail.registry import opens_links
from mainstay.kernel.notify.registry import tells_of
from mainstay.kernel.notify.subjects import Subject
from mainstay.kernel.records.addresses import REQUESTERS, address
from mainstay.kernel.records.filters import Chosen, Filter, offer
from mainstay.kernel.records.models import Record
from mainstay.kernel.records.surroundings import UNFINISHED, Related
from mainstay.kernel.reports.registry import dimension, report
from mainstay.kernel.web.documents.registry import for_requesters
from mainstay.kernel.web.pages import actor_of
from mainstay.kernel.web.records.asking import Asked, asks
from mainstay.kernel.web.records.slots import Addition, adds
from mainstay.kernel.web.records.wording import tells
from mainstay.kernel.web.registry import MenuEntry, Notice, frame, on_related
from mainstay.kernel.web.templating import url
from mainstay.support.service_desk import actions
from mainstay.support.service_desk.models import Type
from mainstay.support.service_desk.queries import desk
from mainstay.support.service_desk.queries.announcements import running, subject_of, visible_to
from mainstay.support.service_desk.queries.cases import STAGES, TOLD, get
from mainstay.support.service_desk.queries.following import asked_about, deed_of, last_following
from mainstay.support.service_desk.queries.guiding import checklists_for, runbooks_for, runs_on
from mainstay.support.service_desk.queries.prepared import Prepared, macros_for, macros_of, prepared
from mainstay.support.service_desk.queries.ratings import rating_of
from mainstay.support.service_desk.queries.reported import CHANNEL, CHANNELS, REPORTS
from mainstay.support.service_desk.queries.wording import SENTENCES, window


@frame("menu")
def menu(request: HttpRequest) -> Iterable[MenuEntry]:
    """The phone log, and the desk's lists with how many records each holds."""
    actor = actor_of(request)
    if not actor.holds("contact.read_internal"):
        return
    section, here, queue = _("Service desk"), request.get_full_path(), reverse("service_desk:queue")
    if actor.holds("contact.create"):
        phone = reverse("service_desk:phone")
        yield MenuEntry(_("Phone log"), phone, "phone", active=here.startswith(phone), section=section, key="p")
    counted = desk.counters(actor)
    for slug, label, icon, query, key in desk.LISTS:
        address = f"{queue}?{query}"
        yield MenuEntry(label, address, icon, counted[slug], here == address, section, key)
    if actor.holds("report.read"):
        overview = reverse("reports:overview")
        yield MenuEntry(_("Reports"), overview, "chart-bar", active=here.startswith(overview), section=section, key="r")


@frame("menu")
def announcements(request: HttpRequest) -> Iterable[MenuEntry]:
    """The board of announcements and planned outages."""
    board = reverse("portal:announcements")
    yield MenuEntry(
        _("Announcements"),
        board,
        "calendar-event",
        active=request.path.startswith(board),
        section=_("Service desk"),
        key="a",
    )


#: How grave an announcement is, as kinds of notices.
GRAVITY = {"info": "info", "warning": "warning", "critical": "danger"}


@frame("notices")
def notices(request: HttpRequest) -> Iterable[Notice]:
    """What holds now and which outages are near, for those whom it concerns; before signing in what is public."""
    actor = actor_of(request)
    known = actor.person is not None
    for row in running(actor):
        address = url("portal:announcement", uuid=row.uuid) if known else ""
        yield Notice(row.title, window(row, zone=not known), address, GRAVITY[row.severity])


@tells_of("announcement", SENTENCES)
def announced(actor: Actor, subjects: Collection[str]) -> dict[str, Subject]:
    """The announcements behind the bell, as far as they still concern the one who looks."""
    uuids = [UUID(each.partition(":")[2]) for each in subjects]
    rows = visible_to(actor).filter(uuid__in=uuids)
    return {subject_of(row): Subject(row.title, url("portal:announcement", uuid=row.uuid)) for row in rows}


@frame("creations")
def creations(request: HttpRequest) -> Iterable[MenuEntry]:
    """A call, for those who take them."""
    actor = actor_of(request)
    if actor.holds("contact.read_internal") and actor.holds("contact.create"):
        yield MenuEntry(_("Take a call"), reverse("service_desk:phone"), "phone")


@on_related
def message_to_children(actor: Actor, record: Record, related: Sequence[Related]) -> Iterable[MenuEntry]:
    """One message to all open children, where there is one that the actor may write to."""
    children = [each.other for each in related if each.link.kind == "parent_of" and each.link.source_id == record.pk]
    unfinished = [child for child in children if child.state_category in UNFINISHED]
    if actor.holds("contact.read_internal") and any(actor.can(f"{each.kind}.comment", each) for each in unfinished):
        page = f"{url('service_desk:broadcast-new')}?parent={record.number}"
        yield MenuEntry(_("Message to the open children"), page, "send")


@address("contact")
def page_of(actor: Actor, record: Record) -> str:
    """The record page of the console."""
    return url("service_desk:record", number=record.number)


@address(REQUESTERS)
def case_page(actor: Actor, record: Record) -> str:
    """The portal's page of a case."""
    return url("portal:case", number=record.number)


def _types(actor: Actor, kind: str, values: Sequence[str]) -> list[Chosen]:
    return [Chosen(value, str(Type(value).label), (value,)) for value in values if value in Type.values]


offer(
    Filter("type", gettext_lazy("Type"), "contact__type", _types, lambda actor: _types(actor, "contact", Type.values))
)


@opens_links
def letter_page(token: str) -> str:
    """The page that a link in a mail opens."""
    return url("portal:letter", token=token)


def _channels(actor: Actor, kind: str, values: Sequence[str]) -> list[Chosen]:
    return [Chosen(value, str(CHANNELS[value]), (value,)) for value in values if value in CHANNELS]


offer(
    Filter(
        "channel",
        gettext_lazy("Channel"),
        "incident__source",  # each kind has of its own how it came in
        _channels,
        lambda actor: _channels(actor, "", list(CHANNELS)),
        also=("contact__source",),
    )
)

dimension(CHANNEL)
for _each in REPORTS:
    report(_each)
tells("checklist_attached", gettext_lazy("%(who)s added the checklist %(what)s"), "checklist")
tells("checklist_withdrawn", gettext_lazy("%(who)s took the checklist %(what)s away again"), "checklist")
tells("runbook_started", gettext_lazy("%(who)s began the runbook %(what)s"), "book")
tells("runbook_answered", gettext_lazy("%(who)s answered in the runbook %(what)s"), "book")
tells("runbook_taken_back", gettext_lazy("%(who)s took an answer back in the runbook %(what)s"), "book")
tells("rating_asked", gettext_lazy("The caller was asked how satisfied they are"), "star")
tells("rated", gettext_lazy("%(who)s said how satisfied they are: %(what)s"), "star")
tells("macro_applied", gettext_lazy("%(who)s applied the macro %(what)s"), "bolt")


def _prepared(request: ActingRequest) -> Prepared:
    """Return what has been prepared at all, asked once for each request."""
    known = vars(request)
    if "prepared" not in known:
        known["prepared"] = prepared()
    found: Prepared = known["prepared"]
    return found


@adds("composer")
def canned_answers(request: ActingRequest, record: Any) -> Addition | None:
    """Picking a text, where there are any."""
    return Addition("service_desk/_pick_answer.html") if _prepared(request).answers else None


@adds("buttons")
def macros(request: ActingRequest, record: Any) -> Addition | None:
    """The macros for this case."""
    found = macros_for(request.actor, record) if _prepared(request).macros else []
    return Addition("service_desk/_pick_macro.html", {"macros": found}) if found else None


@adds("more")
def splitting(request: ActingRequest, record: Any) -> Addition | None:
    """Making a case of its own of some of what was said."""
    may = record.kind in STAGES and request.actor.can(f"{record.kind}.merge", record)
    return Addition("service_desk/_split.html") if may else None


@adds("bulk")
def macros_for_many(request: ActingRequest, record: None) -> Addition | None:
    """Choosing a macro for the selected rows of the list of incidents."""
    found = _prepared(request).macros and macros_of(request.actor, "incident")
    return Addition("service_desk/_macros_button.html") if found else None


@adds("tasks")
def checklists(request: ActingRequest, record: Any) -> Addition | None:
    """Adding a checklist that the case does not have yet."""
    found = _prepared(request).checklists and checklists_for(record)
    return Addition("service_desk/_add_checklist.html") if found else None


@adds("side")
def runbooks(request: ActingRequest, record: Any) -> Addition | None:
    """The runbooks that are followed here, and those that fit."""
    if not _prepared(request).runbooks:
        return None
    runs = runs_on(record)
    followed = {each.run.runbook_id for each in runs}
    fitting = runbooks_for(record) if record.state_category in UNFINISHED else []
    offered = [each for each in fitting if each.pk not in followed]
    return Addition("service_desk/_runbooks.html", {"runs": runs, "offered": offered}) if runs or offered else None


@adds("side")
def satisfaction(request: ActingRequest, record: Any) -> Addition | None:
    """How satisfied the caller is, once they said so."""
    if record.state_category in UNFINISHED and not getattr(record, "reopenings", 0):
        return None
    rating = rating_of(request.actor, record)
    if rating is None:
        return None
    follow_up = rating.follow_up
    seen = follow_up if follow_up and request.actor.can(f"{follow_up.kind}.read", follow_up) else None
    return Addition("service_desk/_rating.html", {"rating": rating, "follow_up": seen})


@adds("side")
def what_followed(request: ActingRequest, record: Any) -> Addition | None:
    """How far those are that follow this one, once it is resolved or closed."""
    progress = last_following(request.actor, record) if record.state_category in ("resolved", "closed") else None
    return Addition("service_desk/_following.html", {"progress": progress}) if progress else None


@adds("composer")
def passing_on(request: ActingRequest, record: Any) -> Addition | None:
    """Whether what is written goes to the callers of children and duplicates, too, where that is asked."""
    is_asked = record.state_category in UNFINISHED and _prepared(request).passing_on
    found = asked_about(request.actor, record, "comment") if is_asked else []
    return Addition("service_desk/_pass_on.html", {"count": len(found)}) if found else None


@asks
def what_follows(actor: Actor, record: Any, verb: str) -> Asked | None:
    """Which children and duplicates follow a move, and whether a message goes to their callers, where that is asked."""
    if verb == "comment":
        write = partial(actions.comment_and_pass_on, record, by=actor)
        return Asked(do=lambda deed, answers: write(write=deed) if answers.get("pass_on") else deed())
    deed = deed_of(record.kind, verb)
    found = asked_about(actor, record, deed) if deed else []
    if not deed or not found:
        return None
    field = forms.MultipleChoiceField(
        label=_("These do the same"),
        choices=[(each.number, f"{each.number} {each.title}") for each in found],
        initial=[each.number for each in found],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    return Asked(
        {"followers": field},
        lambda move, answers: actions.move_and_let_follow(
            record, by=actor, move=move, numbers=answers["followers"] or [], deed=deed
        ),
    )


for_requesters(get, TOLD)
