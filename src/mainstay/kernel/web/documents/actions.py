"""Ordering documents, making them, and forgetting them after a while."""

import io
import zoneinfo
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.documents.rendering import render
from mainstay.kernel.files.actions import preserve
from mainstay.kernel.jobs.registry import defer
from mainstay.kernel.practice.errors import Missing, NotPermitted
from mainstay.kernel.records.models import Record
from mainstay.kernel.records.queries import find, reads_internal, require
from mainstay.kernel.web.documents.description import document_of
from mainstay.kernel.web.documents.queries import as_requester
from mainstay.kernel.web.models import OrderedDocument

#: How long an ordered document can be fetched.
KEPT = timedelta(days=7)


@transaction.atomic
def order(record: Record, *, by: Actor, ending: str) -> OrderedDocument:
    """Order the document of a record as `pdf` or `html`, in the language and zone of this moment. A job makes it.

    Whoever orders the same again while it waits gets the same.
    """
    require(by, "read", record)
    if by.person is None:
        raise NotPermitted(_("Sign in first."))
    wanted = {
        "person": by.person,
        "record": record,
        "ending": ending,
        "internal": reads_internal(by, record),
        "language": get_language() or "en",
        "zone": timezone.get_current_timezone_name(),
    }
    waiting = OrderedDocument.objects.filter(**wanted, content=None).first()
    document = waiting or OrderedDocument.objects.create(**wanted)
    defer("web.make_document", once=f"document {document.pk}", document=document.pk)
    return document


def make(document: OrderedDocument) -> None:
    """Make an ordered document as its person may see the record now; nothing where they may no longer see it."""
    actor = actor_for(document.person, door="job")
    if not document.internal:
        actor = as_requester(actor)
    try:
        record = find(actor, document.record.number)
        if document.internal:
            require(actor, "read_internal", record)
    except (Missing, NotPermitted):
        return
    with translation.override(document.language), timezone.override(zoneinfo.ZoneInfo(document.zone)):
        made = render(document_of(actor, record), document.ending)
    with transaction.atomic():
        content = preserve(io.BytesIO(made))
        OrderedDocument.objects.filter(pk=document.pk).update(content=content)


def forget(now: datetime) -> None:
    """Forget what was ordered more than a week before `now` (UTC); the nightly sweep then removes the contents."""
    OrderedDocument.objects.filter(ordered__lt=now - KEPT).delete()
