"""What a search that found nothing may have meant. Only words that this person can find are ever considered.

Whether a word exists in what they may not read makes no difference: each candidate has to stand in a document of
theirs before it is compared.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery
from django.db.models import CharField, Exists, F, FloatField, Func, OuterRef, Q, QuerySet, TextField

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.engine.decision import Standing
from mainstay.kernel.practice.registry import kinds
from mainstay.kernel.practice.statements import KEPT, Statement
from mainstay.kernel.records.models import Visibility
from mainstay.kernel.search.engine.corrections import numbers_nearly_meant, plain_words, replaced
from mainstay.kernel.search.engine.nearness import ALIKE, likeness, slips, tolerated
from mainstay.kernel.search.engine.operators import Asked
from mainstay.kernel.search.models import Word
from mainstay.kernel.search.queries.reading import documents_of

#: Words of a search that are looked at, and words of the vocabulary for each, the most alike.
MOST_WORDS, MOST_ALIKE = 6, 100
#: Corrections of a search that are tried.
MOST_TRIED = 3


def corrections(actor: Actor, asked: Asked) -> Iterator[Asked]:
    """Yield up to three searches that `asked` may have meant, the likeliest first; whether they find is not said.

    Numbers are corrected, and words outside quotes of four letters or more; operators stay as they are.
    """
    prefixes = [kind.prefix for kind in kinds.values()]
    for number in numbers_nearly_meant(asked.words, prefixes)[:MOST_TRIED]:
        yield replace(asked, words=number)
    near = {word: _near(actor, word) for word in plain_words(asked.words)[:MOST_WORDS]}
    wrong = {word: alike for word, alike in near.items() if word not in alike and alike}
    for turn in range(MOST_TRIED if len(wrong) == 1 else min(1, len(wrong))):
        meant = {word: alike[turn] for word, alike in wrong.items() if turn < len(alike)}
        if meant:
            yield replace(asked, words=replaced(asked.words, meant))


def _near(actor: Actor, word: str) -> list[str]:
    """Return the words in documents that `actor` reads and that lie few slips from `word`, the nearest first."""
    internal = any(actor.holds(f"{kind}.read_internal") for kind in kinds)
    found = _vocabulary(actor.standing, internal)(word=word)
    near = [(slips(word, each), -likeness(word, each), each) for each in found]
    return [each for distance, _likeness, each in sorted(near) if distance <= tolerated(word)]


@lru_cache(maxsize=KEPT)
def _vocabulary(standing: Standing, internal: bool) -> Statement[str]:
    """Return the question for the words that are alike to one and stand in a document of those that are read."""
    audiences = [Visibility.PUBLIC, Visibility.INTERNAL] if internal else [Visibility.PUBLIC]

    def build(word: Any) -> QuerySet[Any, str]:
        trigrams = Func(word, function="search_trigrams", output_field=ArrayField(TextField()))
        share = Func(F("trigrams"), trigrams, function="search_likeness", output_field=FloatField())
        rows = Word.objects.filter(audience__in=audiences, trigrams__overlap=trigrams)
        alike = rows.annotate(share=share).filter(share__gte=ALIKE).order_by("-share", "word")
        in_use = documents_of(
            Actor(standing), Q(documents__words=SearchQuery(OuterRef("word"), config="simple", search_type="plain"))
        )
        read = Word.objects.filter(Exists(in_use), pk__in=alike.values("pk")[:MOST_ALIKE])
        return read.values_list("word", flat=True).distinct()

    return Statement(build, word=CharField())
