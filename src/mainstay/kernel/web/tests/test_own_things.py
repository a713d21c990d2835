"""Drafts and choices of the screen belong to one person."""

import pytest
from django.test import Client

from mainstay.kernel.people.models import Organisation, Person
from mainstay.kernel.web.actions import LONGEST
from mainstay.kernel.web.models import Draft

pytestmark = pytest.mark.django_db
DRAFT, PREFERENCE, PALETTE = "/web/draft/", "/web/preference/", "/web/palette/"


@pytest.fixture
def people() -> tuple[Person, Person]:
    organisation = Organisation.objects.create(slug="trial", name="Trial")
    make = Person.objects.create
    return (
        make(name="Ann", email="ann@trial.example", organisation=organisation),
        make(name="Bob", email="bob@trial.example", organisation=organisation),
    )


@pytest.fixture
def ann(client: Client, people: tuple[Person, Person]) -> Client:
    client.force_login(people[0])
    return client


def test_a_draft_comes_back_to_its_person_and_to_nobody_else(ann: Client, people: tuple[Person, Person]) -> None:
    assert ann.post(DRAFT, {"key": "incident/1", "body": "half"}).status_code == 204
    assert ann.get(DRAFT, {"key": "incident/1"}).json() == {"body": "half"}
    assert ann.get(DRAFT, {"key": "incident/2"}).json() == {"body": ""}
    bob = Client()
    bob.force_login(people[1])
    assert bob.get(DRAFT, {"key": "incident/1"}).json() == {"body": ""}
    bob.post(DRAFT, {"key": "incident/1", "body": "other"})
    assert ann.get(DRAFT, {"key": "incident/1"}).json() == {"body": "half"}


def test_empty_text_forgets_the_draft(ann: Client) -> None:
    ann.post(DRAFT, {"key": "incident/1", "body": "half"})
    ann.post(DRAFT, {"key": "incident/1", "body": "  "})
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    "values",
    [{"key": "", "body": "x"}, {"key": "k" * 121, "body": "x"}, {"key": "k", "body": "x" * (LONGEST + 1)}],
)
def test_a_draft_beyond_its_limits_is_refused(ann: Client, values: dict[str, str]) -> None:
    assert ann.post(DRAFT, values).status_code == 422
    assert not Draft.objects.exists()


def test_a_choice_is_remembered_and_an_unknown_one_refused(ann: Client, people: tuple[Person, Person]) -> None:
    assert ann.post(PREFERENCE, {"key": "theme", "value": "dark"}).status_code == 204
    assert ann.post(PREFERENCE, {"key": "density", "value": "compact"}).status_code == 204
    assert ann.post(PREFERENCE, {"key": "theme", "value": "pink"}).status_code == 422
    assert ann.post(PREFERENCE, {"key": "is_active", "value": "dark"}).status_code == 422
    kept = [Person.objects.get(pk=person.pk).preferences for person in people]
    assert kept == [{"theme": "dark", "density": "compact"}, {}]


def test_strangers_are_sent_to_sign_in(client: Client) -> None:
    answers = [client.get(DRAFT), client.get(PALETTE), client.post(DRAFT), client.post(PREFERENCE)]
    assert [answer.status_code for answer in answers] == [302] * 4
    assert not Draft.objects.exists()


def test_reading_never_writes(ann: Client) -> None:
    assert ann.get(PREFERENCE).status_code == 405
    assert ann.post(PALETTE).status_code == 405


def test_a_post_without_proof_of_origin_is_refused_in_plain_words(people: tuple[Person, Person]) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(people[0])
    answer = strict.post(PREFERENCE, {"key": "theme", "value": "dark"})
    assert answer.status_code == 403
    assert b"This form has expired" in answer.content
