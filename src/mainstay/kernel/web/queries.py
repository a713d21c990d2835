"""What the web kernel is asked."""

from itertools import islice

from django.http import HttpRequest

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.practice.registry import kinds
from mainstay.kernel.web.models import Draft
from mainstay.kernel.web.registry import Choice, palette_sources, parts

CHOICES = 12


def draft_of(actor: Actor, key: str) -> str:
    """Return the actor's own unfinished text for a place, or nothing."""
    return Draft.objects.filter(person=actor.person_id, key=key).values_list("body", flat=True).first() or ""


def palette_choices(request: HttpRequest, text: str) -> list[Choice]:
    """Return at most 12 lines for what was typed: the frame's pages first, then what sources find."""
    frame = parts(request)
    entries = [*frame["creations"](), *frame["menu"](), *frame["person_links"]()]
    pages = [Choice(str(entry.label), entry.url, entry.icon) for entry in entries]
    matching = (page for page in pages if text.casefold() in page.label.casefold())
    found = (choice for source in palette_sources for choice in source(request, text))
    return list(islice((*islice(matching, CHOICES), *islice(found, CHOICES)), CHOICES))


def layout_for(actor: Actor) -> str:
    """Return the layout of a page that agents and requesters share: the console for who works on records."""
    works = any(actor.holds(f"{kind}.read_internal") for kind in kinds)
    return "web/console.html" if works else "web/portal.html"
