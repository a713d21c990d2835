"""What incidents add to the frame around every page, and where one is shown."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.records.addresses import address
from mainstay.kernel.records.models import Record
from mainstay.kernel.records.surroundings import views_of
from mainstay.kernel.reports.registry import dimension, report
from mainstay.kernel.web.pages import actor_of
from mainstay.kernel.web.registry import MenuEntry, frame
from mainstay.kernel.web.templating import url
from mainstay.support.incidents import queries
from mainstay.support.incidents.queries.reported import PRIORITIES, REPORTS


@frame("menu")
def menu(request: HttpRequest) -> Iterable[MenuEntry]:
    """The start page, the lists everyone starts from with how many incidents each holds, and the saved views."""
    actor = actor_of(request)
    if not actor.holds("incident.read_internal"):
        return
    here, queue, counted = request.get_full_path(), url("incidents:queue"), queries.counters(actor)
    overview = url("incidents:overview")
    yield MenuEntry(_("Start"), overview, "home", active=here == overview, section=_("Incidents"), key="s")
    for slug, label, icon, query in queries.LISTS:
        address = f"{queue}?{query}"
        key = "i" if slug == "open" else slug[0]
        yield MenuEntry(label, address, icon, counted[slug], here == address, _("Incidents"), key)
    for view in views_of(actor, queries.KIND):
        address = f"{queue}?{view.query}"
        yield MenuEntry(view.name, address, "bookmark", active=here == address, section=_("Views"))


@frame("creations")
def creations(request: HttpRequest) -> Iterable[MenuEntry]:
    """A new incident, for those who take them down."""
    actor = actor_of(request)
    if actor.holds("incident.read_internal") and actor.holds("incident.create"):
        yield MenuEntry(_("New incident"), url("incidents:new"), "alert-triangle")


@address("incident")
def page_of(actor: Actor, record: Record) -> str:
    """The record page of the console."""
    return url("incidents:record", number=record.number)


dimension(PRIORITIES)
for _each in REPORTS:
    report(_each)
