"""What administration adds to the frame of every page."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from mainstay.kernel.administration.queries import sections
from mainstay.kernel.web.pages import actor_of
from mainstay.kernel.web.registry import Choice, MenuEntry, frame, palette
from mainstay.kernel.web.templating import url


@frame("menu")
def menu(request: HttpRequest) -> list[MenuEntry]:
    """Give administrators and auditors their way in, and inside all that they may change."""
    found, home = sections(actor_of(request)), url("administration:home")
    if not found:
        return []
    inside = request.path.startswith((home, *(section.url for section in found)))
    if not inside:
        return [MenuEntry(_("Administration"), home, "settings")]
    parts = [
        MenuEntry(
            str(each.label), each.url, each.icon, active=request.path.startswith(each.url), section=_("Administration")
        )
        for each in found
    ]
    return [
        MenuEntry(_("Overview"), home, "settings", active=request.path == home, section=_("Administration")),
        *parts,
    ]


@palette
def pages(request: HttpRequest, text: str) -> list[Choice]:
    """Find the pages of administration by their names."""
    hint = _("Administration")
    return [
        Choice(str(section.label), section.url, section.icon, hint)
        for section in sections(actor_of(request))
        if text.casefold() in str(section.label).casefold()
    ]
