"""Every word that people read goes through the catalogues, and German has all of them."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from gettext import GNUTranslations
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import pytest
from babel import Locale
from babel.messages.catalog import Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.test import Client
from django.utils import translation

from mainstay.kernel.access.registry import capabilities
from mainstay.kernel.records.actions.view import save_view
from mainstay.kernel.web import markup
from tests.browser.screens import SCREENS
from tests.browser.stage import Stage, set_up
from tests.words import Plain, data_of_the_instance, outside_brackets, said_in, speak_pseudo
from tests.world import World

ROOT = Path(__file__).parent.parent
GERMAN = ROOT / "src/mainstay/locale/de/LC_MESSAGES/django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|{\w+}")
#: What is the same in every language: names, initials of people, moments (whose form is tested elsewhere), and names of
#: events and rows, which files and programs use too.
NAMES = re.compile(
    r"Mainstay|JSON|CSV|UUID|\b[A-Z]{2}\b|\b[A-Z][a-z]{2} \d{1,2}, \d{4}(, [\d:]+\s[AP]M)?"
    r"|\b[A-Z][a-z]{2} \d{4}\b|\b[a-z_-]+\.[a-z_*]+(:[a-z]+)?\b|desk@example\.com|Europe/Berlin"
    r"|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\{[a-z_]+\}"
)


ZONES = {each for zone in available_timezones() for each in (zone, zone.replace("_", " "))}
#: Babel's, in the reader's language.
COUNTRIES = set(Locale("en").territories.values())


def german() -> list[Message]:
    with GERMAN.open("rb") as file:
        return [message for message in read_po(file, locale="de") if message.id]


def forms(text: Any) -> tuple[str, ...]:
    """Return the singular and the plural of a message, or its one form."""
    return (text,) if isinstance(text, str) else tuple(text)


@pytest.mark.check
def test_the_german_catalogue_holds_exactly_the_messages_of_the_code() -> None:
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    keywords = DEFAULT_KEYWORDS | {"gettext_lazy": None, "_now": None}
    found = extract_from_dir(ROOT / "src/mainstay", methods, options, keywords=keywords)
    extracted = {(context, forms(message)) for _file, _line, message, _comments, context in found}
    translated = {(message.context, forms(message.id)) for message in german()}
    assert len(extracted) > 500, "the extraction sees nothing: it proves nothing"
    assert extracted - translated == set(), "run `make messages` and translate what is new"
    assert translated - extracted == set(), "run `make messages`: these are gone"


@pytest.mark.check
def test_every_message_is_translated() -> None:
    assert [message.id for message in german() if message.fuzzy or not all(forms(message.string))] == []


@pytest.mark.check
def test_a_translation_has_the_placeholders_of_its_message() -> None:
    wrong = []
    for message in german():
        expected = Counter(PLACEHOLDER.findall(forms(message.id)[-1]))
        wrong += [text for text in forms(message.string) if Counter(PLACEHOLDER.findall(text)) != expected]
    assert wrong == []


@pytest.mark.check
def test_the_catalogue_compiles_and_speaks_german() -> None:
    compiled = io.BytesIO()
    with GERMAN.open("rb") as file:
        write_mo(compiled, read_po(file, locale="de"))
    compiled.seek(0)
    catalogue = GNUTranslations(compiled)
    assert catalogue.gettext("Incident") == "Störung"
    assert [catalogue.ngettext("%d day ago", "%d days ago", number) % number for number in (1, 2)] == [
        "vor 1 Tag",
        "vor 2 Tagen",
    ]


@pytest.fixture
def stage(fresh_database: str, django_db_blocker: Any) -> Iterator[Stage]:
    with django_db_blocker.unblock():
        yield set_up()


def test_every_word_of_every_screen_comes_from_a_catalogue(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    clients = {actor: _signed_in(stage, actor) for actor in {screen.actor for screen in SCREENS}}
    looked = Plain({*data_of_the_instance(), *ZONES, *COUNTRIES}, NAMES)
    speak_pseudo(monkeypatch)
    plain = []
    for screen in SCREENS:
        answer = clients[screen.actor].get(screen.address(stage))
        assert answer.status_code == 200, screen.address(stage)
        if words := looked.words(answer.content.decode()):
            plain.append(f"{screen.name}: {sorted(words)}")
    assert not plain, "\n".join(plain)


def _signed_in(stage: Stage, actor: str) -> Client:
    client = Client()
    client.cookies.load(stage.cookies(actor))
    return client


def test_a_word_that_was_not_looked_up_is_noticed() -> None:
    page = '<p title="Plain">⟦Found⟧ <b>Ada</b> lost</p><kbd>Ctrl</kbd><script>x()</script><img alt="⟦A %(x)s⟧">'
    assert said_in(page) == ["Plain", "⟦Found⟧", "Ada", "lost", "⟦A %(x)s⟧"]
    assert Plain({"Ada"}, NAMES).words(page) == {"Plain", "lost"}
    assert outside_brackets("⟦opened by ⟦nobody⟧⟧ rest") == " rest"


def test_capabilities_are_named_in_words_of_a_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    speak_pseudo(monkeypatch)
    assert [name for name, label in capabilities().items() if outside_brackets(str(label))] == []


def test_the_menu_keeps_its_order_in_every_language(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_view(by=world.as_agent(), kind="incident", name="My printers", query="q=printer")
    client.force_login(world.agent)
    monkeypatch.setattr(markup, "_translated", markup._translated.__wrapped__)
    orders = []
    for words in ({"Incidents": "A section", "Views": "Z section"}, {"Incidents": "Z section", "Views": "A section"}):
        monkeypatch.setattr(translation._trans, "gettext", lambda message, words=words: words.get(message, message))
        page = client.get("/incidents/start/").content.decode()
        orders.append([page.index(f"<h2>{words[name]}</h2>") for name in ("Incidents", "Views")])
    assert [sorted(order) for order in orders] == orders
