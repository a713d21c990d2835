"""Every column that holds text, found in the models, and which of them cannot hold what somebody typed."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models

from tests.security.payloads import SHORTEST

#: Columns, by name or by model and name, whose texts nobody types: the code compares them, and the actions let
#: nothing else in.
WORDS_OF_THE_CODE = {
    "slug": "part of addresses; actions take a-z, 0-9 and hyphens",
    "key": "names a setting, a draft or a repeated request",
    "zone": "a time zone of the list",
    "language": "a language of the list",
    "kind": "a kind of record or link",
    "digest": "a hash",
    "fingerprint": "a hash",
    "password": "a hash",
    "pgh_label": "the name of a history",
    **dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "hours; actions take times alone"),
    "region": "a region of the list",
    "events.Event.name": "an event that is declared",
    "events.Event.request_id": "a number of our own",
    "events.Event.subject": "a kind and an identifier",
    "notify.Notification.event": "an event that is declared",
    "mail.ReceivedMail.reason": "a reason of the list of the code",
    "reports.SavedReport.report": "a report of the list of the code",
    "reports.SavedReportHistory.report": "a report of the list of the code",
    "search.Occurrence.word": "letters and digits that stood in a text",
    "search.Word.word": "letters and digits that stood in a text",
    "service_desk.RunbookRun.at": "the name of a step; actions take a-z, 0-9 and hyphens",
    "records.Attachment.media_type": "found out from the content, from a list",
}


def text_columns() -> Iterator[tuple[type[models.Model], models.Field]]:
    """Yield the columns in which a text of somebody's may stand that is long enough to be a script."""
    for model in apps.get_models():
        if not model.__module__.startswith("mainstay.") or not model._meta.managed:
            continue
        for column in model._meta.local_fields:
            typed = isinstance(column, (models.CharField, models.TextField)) and not column.choices
            if typed and not is_word(model, column) and (column.max_length or 10_000) >= len(SHORTEST):
                yield model, column


def is_word(model: type[models.Model], column: models.Field) -> bool:
    return column.name in WORDS_OF_THE_CODE or f"{model._meta.label}.{column.name}" in WORDS_OF_THE_CODE
