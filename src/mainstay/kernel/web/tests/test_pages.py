"""What surrounds every answer: headers, language, redirects, problems."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from django.utils import timezone, translation

from mainstay.kernel.people.models import Organisation, Person
from mainstay.kernel.practice.errors import Invalid, Missing, NotPermitted, NotPossible
from mainstay.kernel.web.pages import redirect, safe_target

handler404 = "mainstay.kernel.web.pages.not_found"
REFUSALS = {
    "missing": (Missing("secret"), 404),
    "forbidden": (NotPermitted("Ask Ann."), 403),
    "impossible": (NotPossible("Reopen it first."), 409),
    "invalid": (Invalid({"title": "Say what is wrong."}), 422),
}


def refuse(request: HttpRequest, name: str) -> HttpResponse:
    raise REFUSALS[name][0]


def told(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{translation.get_language()} {timezone.get_current_timezone_name()}")


def go(request: HttpRequest) -> HttpResponse:
    return redirect(request, request.GET["next"])


urlpatterns = [path("refuse/<name>", refuse), path("told", told), path("go", go)]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def ann() -> Person:
    organisation = Organisation.objects.create(slug="trial", name="Trial")
    return Person.objects.create(
        name="Ann", email="ann@trial.example", organisation=organisation, language="de", zone="Asia/Tokyo"
    )


def test_every_answer_carries_the_strict_headers(client: Client) -> None:
    headers = client.get("/told").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"


def test_only_signed_in_pages_are_kept_out_of_caches(client: Client, ann: Person) -> None:
    assert "Cache-Control" not in client.get("/told").headers
    client.force_login(ann)
    assert client.get("/told").headers["Cache-Control"] == "no-store"


def test_a_person_is_answered_in_their_language_and_zone(client: Client, ann: Person) -> None:
    assert client.get("/told").content == b"en UTC"
    assert client.get("/told", headers={"Accept-Language": "de-AT,en;q=0.5"}).content == b"de UTC"
    client.force_login(ann)
    assert client.get("/told", headers={"Accept-Language": "en"}).content == b"de Asia/Tokyo"


def test_a_request_keeps_its_callers_number_only_if_it_looks_like_one(client: Client) -> None:
    assert client.get("/told", headers={"X-Request-ID": "abc-12345"}).headers["X-Request-ID"] == "abc-12345"
    assert client.get("/told", headers={"X-Request-ID": "a b\tc<>"}).headers["X-Request-ID"].isalnum()


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "\\\\evil.example",
        "/\\evil.example",
        "https:evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "",
        None,
    ],
)
def test_a_target_elsewhere_leads_to_the_start_page(target: str | None) -> None:
    assert safe_target(RequestFactory().get("/"), target) == "/"


@pytest.mark.parametrize("target", ["/incidents/INC-000001?tab=history", "http://testserver/x"])
def test_a_target_of_this_site_is_kept(target: str) -> None:
    assert safe_target(RequestFactory().get("/"), target) == target


def test_a_redirect_moves_the_whole_page_when_htmx_asks(client: Client) -> None:
    plain = client.get("/go?next=/told")
    assert (plain.status_code, plain.headers["Location"]) == (303, "/told")
    swapped = client.get("/go?next=/told", headers={"HX-Request": "true"})
    assert (swapped.status_code, swapped.headers["HX-Redirect"]) == (204, "/told")
    assert "Location" not in swapped.headers


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_becomes_a_problem_page_with_its_status(client: Client, name: str) -> None:
    refusal, status = REFUSALS[name]
    answer = client.get(f"/refuse/{name}")
    assert answer.status_code == status
    assert (refusal.message in answer.content.decode()) == (name != "missing")


def test_what_may_not_be_seen_answers_like_what_does_not_exist(client: Client, settings: Any) -> None:
    def body(address: str) -> str:
        page = client.get(address).content.decode()
        return page[page.index("<main") : page.index("</main>")]

    assert body("/refuse/missing") == body("/no/such/page")


def test_a_problem_in_a_fragment_is_a_fragment(client: Client) -> None:
    answer = client.get("/refuse/missing", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert answer.status_code == 404
    assert b"<html" not in answer.content
