"""How near two words are: by the groups of three letters that they share, and by the slips that lie between. Pure."""

from collections.abc import Mapping

#: Words that share less of their groups of three letters are not alike; the limit that pg_trgm has as well.
ALIKE = 0.3


def trigrams(word: str) -> frozenset[str]:
    """Return the groups of three signs of a word, two blanks before it and one after: ` pr`, `pri` of `printer`."""
    padded = f"  {word.casefold()} "
    return frozenset(padded[place : place + 3] for place in range(len(padded) - 2)) if word else frozenset()


def likeness(one: str, other: str) -> float:
    """Return which share of the trigrams of two words they have in common: 0 to 1."""
    first, second = trigrams(one), trigrams(other)
    return len(first & second) / len(first | second) if first | second else 0.0


def slips(one: str, other: str) -> int:
    """Return how many slips of the keys lie between two words: a sign too many, one missing, another, two swapped.

    The optimal string alignment distance, after Damerau, "A technique for computer detection and correction of
    spelling errors" (1964).
    """
    before, last = list[int](), list(range(len(other) + 1))
    for i, sign in enumerate(one, 1):
        row = [i]
        for j, against in enumerate(other, 1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (sign != against))
            if i > 1 and j > 1 and sign == other[j - 2] and one[i - 2] == against:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before, last = last, row
    return last[-1]


def tolerated(word: str) -> int:
    """Return how many slips a word may have: a short one becomes quite another word with the second."""
    return 1 if len(word) < 6 else 2


def nearest(word: str, names: Mapping[str, str], most: int = 3) -> list[str]:
    """Return what the names most alike to `word`, or a slip away from it, stand for; the most alike first."""
    typed = word.casefold()
    alike = sorted(((likeness(typed, name), name) for name in names), key=lambda pair: (-pair[0], pair[1]))
    near = [name for share, name in alike if share >= ALIKE or 0 < slips(typed, name.casefold()) <= tolerated(typed)]
    return list(dict.fromkeys(names[name] for name in near))[:most] if word else []
