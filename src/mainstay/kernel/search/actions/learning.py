"""Learning from what was written: which words there are and how rare, which records are alike, what they lack."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import CharField
from django.db.models.functions import Left

from mainstay.kernel.access.engine.decision import CONFIDENTIAL, PUBLIC
from mainstay.kernel.people.models import OrganisationDescent
from mainstay.kernel.records.models import Visibility
from mainstay.kernel.search.actions.suggesting import suggest
from mainstay.kernel.search.engine.similarity import Vector, likeness, profile, telling, vector, words
from mainstay.kernel.search.models import Occurrence, SearchDocument, Similar, Unlearnt, Word

#: Records whose words are counted, and that are compared with others, in one transaction.
COUNTED, BATCH = 1000, 200
#: So many first characters of a record are compared: its own texts, and of a short one what was said.
COMPARED = 2000
#: Records that share rare words and are looked at, and those of them that are compared.
LOOKED_AT, CANDIDATES = 2000, 200
#: So many are kept for a record; what is less like it is not.
KEPT, LEAST = 10, 0.05
#: Words that may be misspelt: long enough to be told from each other, and no identifiers.
SHORTEST = 4

COUNT = """
INSERT INTO search_occurrence (organisation_id, word, documents)
SELECT * FROM unnest(%(organisations)s::bigint[], %(words)s::text[], %(documents)s::int[])
    ON CONFLICT (organisation_id, word)
    DO UPDATE SET documents = search_occurrence.documents + %(again)s * excluded.documents
"""

# The words of a document are unpacked once (that is what the empty ones added to them do), not for each word asked.
CANDIDATES_OF = """
SELECT record.id, record.title, left(document.body, %(compared)s)
  FROM search_searchdocument AS document
  JOIN records_record AS record ON record.id = document.record_id
 CROSS JOIN LATERAL (SELECT document.words || '' AS words OFFSET 0) AS unpacked
 WHERE document.words @@ %(any)s::tsquery AND document.audience = 'public'
   AND record.id <> %(record)s AND record.access <> 'confidential'
   AND record.organisation_id IN
       (SELECT descendant_id FROM people_organisationdescent WHERE ancestor_id = %(organisation)s)
 ORDER BY (SELECT sum(weight) FROM unnest(%(each)s::tsquery[], %(weights)s::float[]) AS told (word, weight)
            WHERE unpacked.words @@ told.word) DESC, record.id DESC
 LIMIT %(candidates)s
"""


@dataclass(frozen=True)
class Text:
    """What is learnt of a record: the beginning of what its requester may read, and where it belongs."""

    record: int
    title: str
    body: str
    access: str
    finished: bool
    scopes: tuple[int, ...]


def learn() -> int:
    """Learn from one batch of what was written, in one transaction; return how many rows were done.

    All words are counted before anything is compared: how rare a word is shows only then. Only one process learns at a
    time; another one returns 0 at once.
    """
    with transaction.atomic():
        return (_count_words() or _compare_records()) if _alone() else 0


def _count_words() -> int:
    noted = list(Unlearnt.objects.filter(counted=False).order_by("-pk")[:COUNTED])
    records = {row.record_id for row in noted}
    _keep_words(records)
    fresh = {row.record_id for row in noted if row.fresh}
    texts = list(_texts(records))
    _count((text for text in texts if text.record in fresh), again=1)
    _count((text for text in texts if text.record not in fresh), again=0)
    Unlearnt.objects.filter(pk__in=[row.pk for row in noted]).update(counted=True)
    return len(noted)


def _compare_records() -> int:
    noted = list(Unlearnt.objects.order_by("-pk")[:BATCH])
    records = {row.record_id for row in noted}
    compare(text for text in _texts(records) if not text.finished)
    suggest(records)
    Unlearnt.objects.filter(pk__in=[row.pk for row in noted]).delete()
    return len(noted)


def forget() -> None:
    """Forget all words and their counts: what is searched is about to be written and learnt anew."""
    with transaction.atomic():
        for model in (Unlearnt, Word, Occurrence):
            model.objects.all().delete()


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('search learns'))")
        return bool(cursor.fetchone()[0])


def _texts(records: Iterable[int]) -> Iterator[Text]:
    """Yield the public texts of these records, but of confidential ones: those are compared with nothing."""
    rows = SearchDocument.objects.filter(record__in=records, audience=Visibility.PUBLIC)
    rows = rows.exclude(record__access=CONFIDENTIAL).select_related("record").order_by("record")
    above: dict[int, tuple[int, ...]] = {}
    for row in rows.annotate(beginning=Left("body", COMPARED, output_field=CharField())).defer("body", "words"):
        home = row.record.organisation_id
        if home not in above:
            ancestors = OrganisationDescent.objects.filter(descendant=home).order_by("ancestor")
            above[home] = tuple(ancestors.values_list("ancestor", flat=True))
        finished = row.record.state_category == "closed"
        yield Text(row.record_id, row.record.title, row.beginning, row.record.access, finished, above[home])


def _keep_words(records: Iterable[int]) -> None:
    """Keep the words that these records hold for each audience."""
    found: set[tuple[str, str]] = set()
    documents = SearchDocument.objects.filter(record__in=records)
    for audience, access, title, body in documents.values_list("audience", "record__access", "record__title", "body"):
        readers = audience if access == PUBLIC else Visibility.INTERNAL
        found |= {(readers, word) for word in words(f"{title} {body}") if len(word) >= SHORTEST and word.isalpha()}
    rows = (Word(audience=audience, word=word) for audience, word in sorted(found))
    Word.objects.bulk_create(rows, batch_size=5000, ignore_conflicts=True)


def _count(texts: Iterable[Text], *, again: int) -> None:
    """Count the words of these records, in each organisation that they are seen in; every record has the empty word.

    Those of changed records were counted before: `again` is 0, and only words that nobody has had yet are counted.
    """
    counted: Counter[tuple[int, str]] = Counter()
    for text in texts:
        held = {"", *words(text.title), *words(text.body)}
        counted.update((scope, word) for scope in text.scopes for word in held)
    if counted:
        organisations, each, documents = zip(*((*key, often) for key, often in counted.items()), strict=True)
        values = {"organisations": list(organisations), "words": list(each), "documents": list(documents)}
        with connection.cursor() as cursor:
            cursor.execute(COUNT, {**values, "again": again})


class Rarities(dict[str, int]):
    """In how many records of one organisation words occur; asked of the database once for each word."""

    def __init__(self, organisation: int) -> None:
        self.organisation = organisation
        self.learn({""})

    @property
    def total(self) -> int:
        return self[""]

    def learn(self, asked: Iterable[str]) -> None:
        """Find out about words that are not known yet."""
        unknown = set(asked) - self.keys()
        if unknown:
            found = Occurrence.objects.filter(organisation=self.organisation, word__in=unknown)
            self.update({**dict.fromkeys(unknown, 0), **dict(found.values_list("word", "documents"))})


def compare(texts: Iterable[Text]) -> None:
    """Find the records that are most like each of these, as seen from every organisation that it is seen in."""
    rarities: dict[int, Rarities] = {}
    for text in texts:
        rows = []
        for scope in text.scopes:
            rarity = rarities.get(scope) or rarities.setdefault(scope, Rarities(scope))
            alike = _most_alike(text, scope, rarity)
            rows += [Similar(record_id=text.record, other_id=o, organisation_id=scope, likeness=n) for n, o in alike]
        Similar.objects.filter(record=text.record).delete()
        Similar.objects.bulk_create(rows)


def _most_alike(text: Text, scope: int, rarities: Rarities) -> list[tuple[float, int]]:
    own = _vector(text.title, text.body, rarities)
    found = (
        (likeness(own, _vector(title, body, rarities)), record)
        for record, title, body in _candidates(text.record, scope, own, telling(own, rarities, LOOKED_AT))
    )
    return sorted((pair for pair in found if pair[0] >= LEAST), reverse=True)[:KEPT]


def _vector(title: str, body: str, rarities: Rarities) -> Vector:
    counts = profile(title, body)
    rarities.learn(counts)
    return vector(counts, rarities, rarities.total)


def _candidates(record: int, scope: int, own: Vector, rare: Sequence[str]) -> list[Any]:
    if not rare:
        return []
    each = [f"'{word}'" for word in rare]
    values: dict[str, Any] = {
        "any": " | ".join(each),
        "each": each,
        "weights": [own[word] for word in rare],
        "record": record,
        "organisation": scope,
        "compared": COMPARED,
        "candidates": CANDIDATES,
    }
    with connection.cursor() as cursor:
        cursor.execute(CANDIDATES_OF, values)
        return list(cursor.fetchall())
