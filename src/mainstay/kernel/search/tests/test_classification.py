"""Learning labels of texts, held against forty-seven thousand public tickets."""

import csv
import os
import sys
import zipfile
from array import array
from io import TextIOWrapper
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.kernel.search.engine.classification import Classifier, chances, weighted, words_of
from mainstay.kernel.search.engine.fitting import fit

DATA = Path(os.environ.get("MAINSTAY_TEST_DATA", Path(__file__).parents[5].parent / "shared" / "data")) / "text"
needs_the_tickets = pytest.mark.skipif(not DATA.exists(), reason="the public tickets are not in ../shared/data")

WORDS = st.sampled_from(["printer", "router", "mail", "laptop", "vpn"])
COUNTS = st.dictionaries(WORDS, st.integers(1, 50))


def drawn(seed: int) -> Classifier[str]:
    """Return a classifier of any size with any weights."""
    draw = Random(seed)
    words, labels = draw.randint(0, 5), draw.randint(2, 4)
    vocabulary = {word: place for place, word in enumerate(("printer", "router", "mail", "laptop", "vpn")[:words])}
    rarities = array("f", (draw.uniform(1, 12) for _word in range(words)))
    weights, intercepts = (
        array("f", (draw.uniform(-30, 30) for _number in range(size))) for size in (words * labels, labels)
    )
    return Classifier("abcd"[:labels], vocabulary, rarities, weights, intercepts)


@given(st.integers(0, 10_000), COUNTS)
def test_chances_sum_up_to_one_or_nothing_is_said(seed: int, counts: dict[str, int]) -> None:
    classifier = drawn(seed)
    found = chances(classifier, counts)
    if not counts.keys() & classifier.vocabulary.keys():
        assert found == {}
    else:
        assert set(found) == set(classifier.labels)
        assert sum(found.values()) == pytest.approx(1)
        assert all(0 <= chance <= 1 for chance in found.values())


@given(COUNTS)
def test_the_weights_of_a_text_have_the_length_one(counts: dict[str, int]) -> None:
    vocabulary = {"printer": 0, "mail": 1}
    squares = sum(weight**2 for _place, weight in weighted(counts, vocabulary, [1.5, 2.5]))
    assert squares == pytest.approx(1 if counts.keys() & vocabulary.keys() else 0)


def test_arrays_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        Classifier(["a", "b"], {"printer": 0}, array("f", [1]), array("f", [1]), array("f", [1, 1]))


def test_what_was_learnt_of_two_labels_tells_them_apart() -> None:
    texts = [words_of("printer", "paper jam"), words_of("login", "password wrong")] * 20
    lesson = fit(texts, ["hardware", "access"] * 20)
    assert lesson.accuracy == 1
    assert lesson.commonest == 0.5
    found = chances(lesson.classifier, words_of("", "the printer has a jam"))
    assert found["hardware"] > 0.8
    assert chances(lesson.classifier, words_of("zebra", "")) == {}


def tickets() -> tuple[list[dict[str, int]], list[str]]:
    csv.field_size_limit(sys.maxsize)
    with zipfile.ZipFile(DATA / "all_tickets_processed_improved_v3.zip") as archive:
        (name,) = archive.namelist()
        rows = list(csv.DictReader(TextIOWrapper(archive.open(name), encoding="utf-8")))
    return [words_of("", row["Document"]) for row in rows], [row["Topic_group"] for row in rows]


@needs_the_tickets
def test_of_the_tickets_held_out_enough_are_told_rightly() -> None:
    texts, labels = tickets()
    assert len(texts) == 47_837
    lesson = fit(texts, labels)
    assert lesson.commonest == pytest.approx(0.2847, abs=0.0001)
    assert lesson.accuracy >= 0.855
