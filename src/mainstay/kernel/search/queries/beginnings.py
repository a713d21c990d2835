"""The words that records of any kind began with."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from mainstay.kernel.records.models import Record
from mainstay.kernel.search.sources import texts


class Beginning(NamedTuple):
    """Whose record it is, and what they said first."""

    requester: str
    text: str


def described(records: Iterable[Record]) -> dict[int, Beginning]:
    """Return the first text of each record, by its id; one query for each kind among them."""
    by_kind: dict[str, list[int]] = defaultdict(list)
    for record in records:
        by_kind[record.kind].append(record.pk)
    found = {}
    for kind, keys in by_kind.items():
        if source := texts.get(kind):
            rows = source.model._default_manager.filter(pk__in=keys)
            for key, requester, text in rows.values_list("pk", "requester__name", source.beginning):
                found[key] = Beginning(requester or "", text)
    return found
