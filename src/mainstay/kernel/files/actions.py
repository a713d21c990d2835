"""Storing contents, and clearing away those that nothing refers to."""

import sys
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Exists, ManyToOneRel, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.kernel.files import queries, storage
from mainstay.kernel.files.engine.types import HEAD, clean_name, judge
from mainstay.kernel.files.models import Content
from mainstay.kernel.practice.errors import Invalid

#: How long a content may be without anything that refers to it: longer than any upload takes.
GRACE = timedelta(days=1)

# The conflict locks the row, so that the sweep cannot take a content away from under those who store it again.
UPSERT = """
INSERT INTO files_content (digest, size, stored) VALUES (%s, %s, now())
ON CONFLICT (digest) DO UPDATE SET stored = excluded.stored
"""


@dataclass(frozen=True)
class Stored:
    """A content with the clean name and the media type of what was sent."""

    content: Content
    name: str
    media_type: str


@transaction.atomic
def store(stream: storage.Readable, *, name: str) -> Stored:
    """Keep what `stream` gives, once whatever its name, on disk for good before this returns.

    Raises Invalid, keyed `file`, for what is empty, larger than the limit, blocked, or not what its name says.
    """
    name, most = clean_name(name), queries.largest()
    try:
        with storage.received(stream, most=most, head=HEAD) as file:
            media_type = _accepted(name, file)
            with connection.cursor() as cursor:
                cursor.execute(UPSERT, [file.digest, file.size])
            storage.keep(file)
    except storage.TooLarge:
        message = _("%(name)s is too large: files may have at most %(limit)d MB.")
        raise Invalid({"file": message % {"name": name, "limit": most >> 20}}) from None
    return Stored(Content.objects.get(pk=file.digest), name, media_type)


@transaction.atomic
def preserve(stream: storage.Readable) -> Content:
    """Keep what `stream` gives as it is, on disk for good before this returns, whatever it holds.

    For what must not be lost and is only ever handed out to be saved, such as a mail as it came.
    """
    with storage.received(stream, most=sys.maxsize, head=HEAD) as file:
        with connection.cursor() as cursor:
            cursor.execute(UPSERT, [file.digest, file.size])
        storage.keep(file)
    return Content.objects.get(pk=file.digest)


def _accepted(name: str, file: storage.Received) -> str:
    """Return the media type of what was received, or refuse it."""
    if not file.size:
        raise Invalid({"file": _("%(name)s is empty.") % {"name": name}})
    judgement = judge(name, file.head, queries.blocked_extensions())
    if judgement.refusal == "blocked":
        message = _("%(name)s is not accepted: it is or contains a program (%(extension)s). Send it in an archive.")
        raise Invalid({"file": message % {"name": name, "extension": judgement.extension}})
    if judgement.refusal:
        message = _("%(name)s is not what its name says: it does not begin like a file of type %(extension)s.")
        raise Invalid({"file": message % {"name": name, "extension": judgement.extension}})
    return judgement.media_type


def sweep() -> int:
    """Remove the contents that nothing has referred to for a day, and unfinished files; return how many."""
    removed = _adopt_strays()
    limit = timezone.now() - GRACE
    for digest in _unreferenced().filter(stored__lt=limit).values_list("pk", flat=True):
        removed += _remove(digest, limit)
    return removed


@transaction.atomic
def _remove(digest: str, limit: datetime) -> int:
    """Remove one content while its row is locked: whoever stores it again meanwhile waits, then keeps its own file."""
    found = _unreferenced().select_for_update().filter(pk=digest, stored__lt=limit).first()
    if found is None:
        return 0
    found.delete()
    storage.remove(digest)
    return 1


def _adopt_strays() -> int:
    """Give a row to every old file without one, so that one rule removes both; remove what was never finished."""
    removed = 0
    for entry in storage.older_than(time.time() - GRACE.total_seconds()):
        if storage.DIGEST.fullmatch(entry.name):
            Content.objects.get_or_create(
                pk=entry.name, defaults={"size": entry.stat().st_size, "stored": timezone.now() - 2 * GRACE}
            )
        elif Path(entry.path).parent == storage.incoming():
            Path(entry.path).unlink(missing_ok=True)
            removed += 1
    return removed


def _unreferenced() -> QuerySet[Content]:
    """Return the contents that no row of any model refers to."""
    contents = Content.objects.all()
    for relation in Content._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel):
            rows = relation.related_model._default_manager.filter(**{relation.field.name: OuterRef("pk")})
            contents = contents.filter(~Exists(rows))
    return contents
