"""Learning from an organisation's finished records which category and which team a record is for."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from mainstay.kernel.access.engine.decision import CONFIDENTIAL
from mainstay.kernel.records.models import Record
from mainstay.kernel.search.engine.classification import words_of
from mainstay.kernel.search.engine.fitting import HELD_OUT, available, fit
from mainstay.kernel.search.models import Classifier, Suggested
from mainstay.kernel.search.sources import texts

#: Fewer finished records teach nothing; of more than these, the newest.
LEAST, MOST = 200, 20_000
#: Learnt anew when there are so many times as many finished records as the last time.
GROWTH = 1.1
FINISHED = ("resolved", "closed")


def train_all() -> int:
    """Learn for every organisation and column of which enough was finished since the last time; return how often.

    Nothing is done, and what was learnt is forgotten, where the extra `analytics` is not installed.
    """
    if not available():
        Classifier.objects.all().delete()
        return 0
    return sum(train(organisation, field, finished) for organisation, field, finished in _due())


def _due() -> Iterator[tuple[int, Suggested, int]]:
    """Yield organisation, column and number of finished records, wherever it is time to learn."""
    known = {
        (row.organisation_id, row.field): row.finished
        for row in Classifier.objects.only("organisation_id", "field", "finished")
    }
    for field in Suggested:
        counted = _finished(field).values("organisation__ascents__ancestor").annotate(often=Count("pk"))
        for organisation, often in counted.values_list("organisation__ascents__ancestor", "often"):
            if often >= max(LEAST, known.get((organisation, field), 0) * GROWTH):
                yield organisation, field, often


def _finished(field: Suggested) -> "QuerySet[Record]":
    known = Record.objects.filter(kind__in=texts, state_category__in=FINISHED, **{f"{field}__isnull": False})
    return known.exclude(access=CONFIDENTIAL)


def train(organisation: int, field: Suggested, finished: int) -> bool:
    """Learn a column from the records finished in an organisation (id) and below it; return whether there was enough.

    Values that too few records have are left out: nothing can be measured on them.
    """
    examples = list(_examples(organisation, field))
    often: dict[int, int] = {}
    for _counts, label in examples:
        often[label] = often.get(label, 0) + 1
    examples = [(counts, label) for counts, label in examples if often[label] >= 2 * HELD_OUT]
    labels = [label for _counts, label in examples]
    if len(examples) < LEAST or len(set(labels)) < 2:
        return False
    lesson = fit([counts for counts, _label in examples], labels)
    learnt = lesson.classifier
    with transaction.atomic():
        Classifier.objects.update_or_create(
            organisation_id=organisation,
            field=field,
            defaults={
                "trained": timezone.now(),
                "examples": len(examples),
                "finished": finished,
                "accuracy": lesson.accuracy,
                "commonest": lesson.commonest,
                "labels": list(learnt.labels),
                "vocabulary": dict(learnt.vocabulary),
                "rarities": learnt.rarities.tobytes(),
                "weights": learnt.weights.tobytes(),
                "intercepts": learnt.intercepts.tobytes(),
            },
        )
    return True


def _examples(organisation: int, field: Suggested) -> Iterator[tuple[dict[str, int], int]]:
    """Yield the words that finished records began with, and what the column became at last."""
    chosen = list(
        _finished(field)
        .filter(organisation__ascents__ancestor=organisation)
        .order_by("-pk")
        .values_list("pk", flat=True)[:MOST]
    )
    for source in texts.values():
        rows = source.model.objects.filter(pk__in=chosen).order_by("-pk")
        for title, told, label in rows.values_list("title", source.beginning, f"{field}_id").iterator():
            yield words_of(title, told), label
