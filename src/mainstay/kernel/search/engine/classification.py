"""Choosing one of several labels for a text by weights that were learnt for its words. Pure.

A word weighs (1 + ln how often) * (1 + ln((1 + texts) / (1 + texts with it))), and the weights of a text are scaled so
that their squares sum up to 1 (Salton and Buckley, 1988). Each label then has one logistic regression against all
others; their chances are scaled so that they sum up to 1 (Zadrozny and Elkan, "Transforming classifier scores into
accurate multiclass probability estimates", 2002).
"""

from array import array
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Generic, TypeVar

from mainstay.kernel.search.engine.similarity import profile

Label = TypeVar("Label", bound=Hashable)
#: So many characters of what was told are read.
READ = 2000


@dataclass(frozen=True)
class Classifier(Generic[Label]):
    """What was learnt: `vocabulary` gives each word its place, `rarities` has a number for each word.

    `weights` has, for each word in turn, a number for each of the labels; `intercepts` has one for each label.
    """

    labels: Sequence[Label]
    vocabulary: Mapping[str, int]
    rarities: "array[float]"
    weights: "array[float]"
    intercepts: "array[float]"

    def __post_init__(self) -> None:
        words, labels = len(self.vocabulary), len(self.labels)
        if (len(self.rarities), len(self.weights), len(self.intercepts)) != (words, words * labels, labels):
            raise ValueError("the arrays of a classifier do not fit its words and labels")


def words_of(title: str, told: str) -> dict[str, int]:
    """Return how often each word of a record's beginning occurs, those of its title as if three times."""
    return dict(profile(title, told[:READ]))


def rarity(texts: int, total: int) -> float:
    """Return how much a word says that occurs in `texts` of `total` texts."""
    return 1 + log((1 + total) / (1 + texts))


def weighted(
    counts: Mapping[str, int], vocabulary: Mapping[str, int], rarities: Sequence[float]
) -> Iterator[tuple[int, float]]:
    """Yield place and weight of each word of a text that is known; their squares sum up to 1. Of none, nothing."""
    found = [
        (place, (1 + log(often)) * rarities[place])
        for word, often in counts.items()
        if (place := vocabulary.get(word)) is not None
    ]
    length = sqrt(sum(weight * weight for _place, weight in found))
    yield from ((place, weight / length) for place, weight in found)


def chances(classifier: Classifier[Label], counts: Mapping[str, int]) -> dict[Label, float]:
    """Return how likely each label is for a text with these words, from 0 to 1, summing up to 1.

    Of a text without any known word nothing is said: the answer is empty.
    """
    known = list(weighted(counts, classifier.vocabulary, classifier.rarities))
    if not known:
        return {}
    labels, weights = len(classifier.labels), classifier.weights
    single = [
        _logistic(intercept + sum(weight * weights[place * labels + label] for place, weight in known))
        for label, intercept in enumerate(classifier.intercepts)
    ]
    total = sum(single) or 1.0
    return {label: chance / total for label, chance in zip(classifier.labels, single, strict=True)}


def _logistic(score: float) -> float:
    return 1 / (1 + exp(-score)) if score >= 0 else exp(score) / (1 + exp(score))
