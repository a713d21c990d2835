"""Learning from texts with known labels, and finding out how well it went. Pure; needs the extra `analytics`."""

from array import array
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Generic, TypeVar

from mainstay.kernel.search.engine.classification import Classifier, rarity, weighted

Label = TypeVar("Label", bound=Hashable)
#: Words of one text say nothing about others.
LEAST_TEXTS = 2
#: Strength of the regularisation and rounds: chosen on a part of the texts of the tests that is not measured on.
ALPHA, ROUNDS = 1e-5, 10
#: One in so many texts of each label is held out to measure.
HELD_OUT = 5
SEED = 42


@dataclass(frozen=True)
class Lesson(Generic[Label]):
    """A classifier, which share (0 to 1) of the held-out texts it labelled right, and which the commonest label has."""

    classifier: Classifier[Label]
    accuracy: float
    commonest: float


def available() -> bool:
    """Return whether the extra `analytics` is installed."""
    return find_spec("sklearn") is not None


def fit(texts: Sequence[Mapping[str, int]], labels: Sequence[Label]) -> Lesson[Label]:
    """Learn from four fifths of the texts (how often each word occurs), and measure on the fifth left out.

    The fifth is drawn from each label alike, always the same one for the same texts. There must be two labels at
    least, and `HELD_OUT` texts of each; else the library raises ValueError.
    """
    # Imported here, for only a worker that trains needs what takes seconds and a hundred megabytes to load.
    from sklearn.model_selection import train_test_split

    kept, held_out = train_test_split(
        range(len(texts)), test_size=1 / HELD_OUT, stratify=[repr(label) for label in labels], random_state=SEED
    )
    classifier = _fitted([texts[each] for each in kept], [labels[each] for each in kept])
    asked = _matrix([texts[each] for each in held_out], classifier.vocabulary, classifier.rarities)
    guessed = _scores(classifier, asked).argmax(axis=1)
    right = sum(classifier.labels[guess] == labels[each] for guess, each in zip(guessed, held_out, strict=True))
    commonest = Counter(labels[each] for each in held_out).most_common(1)[0][1]
    return Lesson(classifier, right / len(held_out), commonest / len(held_out))


def _fitted(texts: Sequence[Mapping[str, int]], labels: Sequence[Label]) -> Classifier[Label]:
    import numpy
    from sklearn.linear_model import SGDClassifier

    held: Counter[str] = Counter(word for text in texts for word in text)
    vocabulary = {word: place for place, word in enumerate(sorted(w for w, n in held.items() if n >= LEAST_TEXTS))}
    rarities = array("f", (rarity(held[word], len(texts)) for word in vocabulary))
    names = list(dict.fromkeys(labels))
    places = {label: place for place, label in enumerate(names)}
    model = SGDClassifier(
        loss="log_loss", alpha=ALPHA, max_iter=ROUNDS, tol=None, average=True, random_state=SEED, n_jobs=1
    )
    model.fit(_matrix(texts, vocabulary, rarities), [places[label] for label in labels])
    weights, intercepts = model.coef_, model.intercept_
    if len(names) == 2:  # the library then keeps one row, for the second label
        weights, intercepts = numpy.vstack([-weights, weights]), numpy.hstack([-intercepts, intercepts])
    return Classifier(names, vocabulary, rarities, _floats(weights.T), _floats(intercepts))


def _floats(numbers: Any) -> "array[float]":
    return array("f", numbers.astype("float32").tobytes())


def _matrix(texts: Sequence[Mapping[str, int]], vocabulary: Mapping[str, int], rarities: Sequence[float]) -> Any:
    from scipy.sparse import csr_matrix

    starts, places, weights = [0], array("i"), array("f")
    for text in texts:
        for place, weight in weighted(text, vocabulary, rarities):
            places.append(place)
            weights.append(weight)
        starts.append(len(places))
    return csr_matrix((weights, places, starts), shape=(len(texts), len(vocabulary)))


def _scores(classifier: Classifier[Any], asked: Any) -> Any:
    import numpy

    weights = numpy.frombuffer(classifier.weights, dtype="float32").reshape(-1, len(classifier.labels))
    return asked @ weights + numpy.frombuffer(classifier.intercepts, dtype="float32")
