"""What the web kernel is asked."""

import re
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.practice.registry import kinds
from mainstay.kernel.records.models import Record
from mainstay.kernel.records.queries import find, reads_internal
from mainstay.kernel.web.models import Draft, Presence
from mainstay.kernel.web.registry import Choice, palette_sources, parts

CHOICES = 12


#: A form of a record: its number, and what the form is called.
OF_RECORD = re.compile(r"([A-Za-z]{2,5}-[0-9]{1,12})/([a-z_]{1,40})")


def place_of(actor: Actor, key: str) -> dict[str, Any]:
    """Return where a draft is kept: a form of a record that the actor may see (`INC-000123/comment`), else the key.

    The record may have another number by the time the draft is asked for. Raises Missing if there is none to see.
    """
    named = OF_RECORD.fullmatch(key)
    if named is None:
        return {"record": None, "key": key}
    return {"record": find(actor, named[1]), "key": named[2]}


def draft_of(actor: Actor, key: str) -> str:
    """Return the actor's own unfinished text for a place, or nothing. Raises Missing for a record not to be seen."""
    own = Draft.objects.filter(person=actor.person_id, **place_of(actor, key))
    return own.values_list("body", flat=True).first() or ""


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


#: So long after a heartbeat somebody still counts as there.
STILL_THERE = timedelta(seconds=25)


def present_at(actor: Actor, record: Record) -> str:
    """Return in words who else has a record open and who of them is writing; empty where nobody has."""
    if not reads_internal(actor, record):
        return ""
    others = Presence.objects.filter(record_id=record.pk, seen__gt=timezone.now() - STILL_THERE)
    found = others.exclude(person_id=actor.person_id or 0).select_related("person").order_by("person__name", "pk")
    names: dict[bool, list[str]] = {True: [], False: []}
    for each in found:
        names[each.replying].append(each.person.name)
    replying = _("Is writing here: %(names)s.") % {"names": ", ".join(names[True])} if names[True] else ""
    looking = _("Is looking at this, too: %(names)s.") % {"names": ", ".join(names[False])} if names[False] else ""
    return " ".join(filter(None, (replying, looking)))


def news_of(record: Record, seen: str) -> str:
    """Return in words that something happened on a record after the instant (ISO 8601) of what the page shows."""
    try:
        is_new = record.updated > datetime.fromisoformat(seen)
    except (ValueError, TypeError):
        return ""
    return _("Something new has happened here.") if is_new else ""
