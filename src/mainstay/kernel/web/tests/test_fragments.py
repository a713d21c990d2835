"""Parts of pages that are rendered once say for each viewer and each value what they say rendered anew."""

from django.utils import translation
from markupsafe import Markup

from mainstay.kernel.web.fragments import kept

TIMELINE = "web/components/timeline.html"


def test_the_same_values_are_rendered_once() -> None:
    happened = kept(TIMELINE, "happened")
    assert happened("Ann resolved it", "just now") is happened("Ann resolved it", "just now")


def test_text_stays_text_beside_markup_of_the_same_characters() -> None:
    happened = kept(TIMELINE, "happened")
    assert "<b>now</b>" in happened("It happened", Markup("<b>now</b>"))
    assert "&lt;b&gt;now&lt;/b&gt;" in happened("It happened", "<b>now</b>")


def test_yes_is_not_one() -> None:
    happened = kept(TIMELINE, "happened")
    assert ("True" in happened(True, ""), "1" in happened(1, "")) == (True, True)


def test_every_language_has_its_own() -> None:
    with translation.override("en"):
        english = kept("web/_dialogs.html", "dialogs")("on")
    with translation.override("de"):
        german = kept("web/_dialogs.html", "dialogs")("on")
    assert ("Keyboard shortcuts" in english, "Tastenkürzel" in german) == (True, True)
