"""How practices let their records be found."""

from collections.abc import Sequence
from typing import Any

from mainstay.kernel.events.models import Event
from mainstay.kernel.events.registry import on
from mainstay.kernel.search.actions import write_words
from mainstay.kernel.search.models import SearchDocument
from mainstay.kernel.search.sources import Source, texts

#: Columns of every record that are searched.
SHARED = {"title", "attributes"}


def _follow(event: Event) -> None:
    """Find a record by the words of the kind it has become, and by nothing else."""
    SearchDocument.objects.filter(record=event.record_id).delete()
    write_words(event.changes["kind"][1], [event.record_id] if event.record_id else [])


def text(kind: str, model: Any, fields: Sequence[str], *, moves: Sequence[str] = ()) -> None:
    """Let records of `kind` be found by their number, title, comments, custom fields, and `fields` of their `model`.

    `fields` are public parts: everybody who sees the record may read them; the first of them says what the record is
    about from the beginning, and suggestions are learnt from it. `moves` are the events (past participles) of the
    moves that set them. Whatever changes these words writes them anew in the same transaction.
    """
    if kind in texts:
        raise ValueError(f"the texts of {kind} are registered twice")
    texts[kind] = Source(model, tuple(fields))
    searched = SHARED | set(fields)

    def keep_words(event: Event) -> None:
        if event.record_id is not None and (not event.changes or searched & event.changes.keys()):
            write_words(kind, [event.record_id])

    on(f"{kind}.converted")(_follow)
    for past in ("created", "edited", "commented", *moves):
        on(f"{kind}.{past}")(keep_words)
