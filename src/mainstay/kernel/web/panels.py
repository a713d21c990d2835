"""What search and notifications add to the frame of every page."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

from mainstay.kernel.notify.queries import unread_count
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.practice.registry import kinds
from mainstay.kernel.search.queries import search
from mainstay.kernel.web.pages import actor_of
from mainstay.kernel.web.registry import Choice, frame, palette
from mainstay.kernel.web.templating import url

#: Hits that the palette shows, and characters before it asks.
PALETTE_HITS, PALETTE_SHORTEST = 6, 2


@frame("search_url")
def search_url(request: HttpRequest) -> str:
    return url("search:page")


@frame("notifications_url")
def notifications_url(request: HttpRequest) -> str:
    return url("notifications:list")


@frame("unread")
def unread(request: HttpRequest) -> int:
    return unread_count(actor_of(request))


@palette
def records(request: HttpRequest, text: str) -> Iterable[Choice]:
    """Records by number and words."""
    if len(text) < PALETTE_SHORTEST:
        return
    try:
        found = search(actor_of(request), text, limit=PALETTE_HITS)
    except Invalid as refused:
        yield Choice(refused.errors["q"], f"{url('search:page')}?{urlencode({'q': text})}", "alert-circle")
        return
    if found.correction:
        meant = f"{url('search:page')}?{urlencode({'q': found.correction})}"
        yield Choice(_("Did you mean %(text)s?") % {"text": found.correction}, meant, "search")
    for hit in found.hits:
        yield Choice(f"{hit.number} {hit.title}", hit.address, kinds[hit.kind].icon, str(hit.state_label))
