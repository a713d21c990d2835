"""Suggesting what records lack, by what was learnt."""

from array import array
from collections.abc import Collection, Iterator
from datetime import datetime
from functools import lru_cache

from mainstay.kernel.people.models import OrganisationDescent
from mainstay.kernel.search.engine import classification
from mainstay.kernel.search.models import Classifier, Suggestion
from mainstay.kernel.search.queries.suggestions import used
from mainstay.kernel.search.sources import texts

#: What is less likely is not said.
LEAST_CHANCE = 0.5
#: Classifiers that a worker keeps unpacked; one of 8,000 words and 20 labels takes two megabytes.
KEPT = 16


def suggest(records: Collection[int]) -> None:
    """Write anew what the columns of these records (ids) probably should be, as seen from every organisation above.

    Finished records get no suggestion. One query where nothing was learnt.
    """
    learnt = list(used().values_list("pk", "organisation", "field", "trained"))
    if not learnt:
        return
    rows = []
    for record, scopes, counts in _told(records):
        for pk, scope, field, trained in learnt:
            if scope not in scopes:
                continue
            chances = classification.chances(_unpacked(pk, trained), counts)
            value = max(chances, key=chances.__getitem__, default=None)
            if value is not None and chances[value] >= LEAST_CHANCE:
                rows.append(
                    Suggestion(record_id=record, organisation_id=scope, field=field, value=value, chance=chances[value])
                )
    Suggestion.objects.filter(record__in=records).delete()
    Suggestion.objects.bulk_create(rows)


def _told(records: Collection[int]) -> Iterator[tuple[int, set[int], dict[str, int]]]:
    """Yield each unfinished record with the organisations it is seen from and the words it began with."""
    above: dict[int, set[int]] = {}
    for source in texts.values():
        rows = source.model.objects.filter(pk__in=records, state_category__in=("open", "paused"))
        for record, home, title, told in rows.values_list("pk", "organisation", "title", source.beginning):
            if home not in above:
                ancestors = OrganisationDescent.objects.filter(descendant=home)
                above[home] = set(ancestors.values_list("ancestor", flat=True))
            yield record, above[home], classification.words_of(title, told)


@lru_cache(maxsize=KEPT)
def _unpacked(pk: int, trained: datetime) -> classification.Classifier[int]:
    """Return what was learnt at that instant: one learnt later has another place here."""
    row = Classifier.objects.get(pk=pk)
    rarities, weights, intercepts = (
        array("f", bytes(stored)) for stored in (row.rarities, row.weights, row.intercepts)
    )
    return classification.Classifier(row.labels, row.vocabulary, rarities, weights, intercepts)


def forget_unused() -> None:
    """Forget suggestions whose classifier is gone, or no longer as good as the settings ask."""
    for organisation, field in Suggestion.objects.values_list("organisation", "field").distinct():
        if not used().filter(organisation=organisation, field=field).exists():
            Suggestion.objects.filter(organisation=organisation, field=field).delete()
