"""A request sent again with its key is answered again, and not done again."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import requests
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from mainstay.kernel.access.actions import create_token
from mainstay.kernel.access.actor import system
from mainstay.kernel.records.models import Record
from mainstay.kernel.rest.models import KeptAnswer
from mainstay.kernel.rest.tasks import forget_answers
from tests.api.conftest import Caller
from tests.sizes import size
from tests.world import build


def test_a_repeated_request_gets_the_same_answer_byte_by_byte(agent: Caller) -> None:
    first, second = (agent.post("/incidents", {"title": "Once"}, Idempotency_Key="k1") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content
    for name in ("Location", "ETag", "Content-Type"):
        assert second.headers[name] == first.headers[name]
    assert Record.objects.count() == 1


def test_a_key_belongs_to_one_request_and_one_person(agent: Caller, requester: Caller) -> None:
    agent.post("/incidents", {"title": "Once"}, Idempotency_Key="k1")
    other = agent.post("/incidents", {"title": "Another"}, Idempotency_Key="k1")
    assert other.status_code == 422
    assert other.json()["errors"][0]["header"] == "Idempotency-Key"
    number = Record.objects.get().number
    elsewhere = agent.post(f"/incidents/{number}/actions/start", None, Idempotency_Key="k1")
    assert elsewhere.status_code == 422
    assert requester.post("/incidents", {"title": "Another"}, Idempotency_Key="k1").status_code == 201


def test_a_move_repeated_with_its_key_is_made_once(agent: Caller) -> None:
    number = agent.post("/incidents", {"title": "Once"}).json()["number"]
    path = f"/incidents/{number}/actions/start"
    assert agent.post(path, None, Idempotency_Key="s").status_code == 200
    assert agent.post(path, None, Idempotency_Key="s").status_code == 200
    assert agent.post(path).status_code == 409


def test_a_refused_request_leaves_its_key_free(agent: Caller) -> None:
    path, values = "/incidents", {"title": "Once", "category": "nothing"}
    assert agent.post(path, values, Idempotency_Key="k1").status_code == 422
    assert agent.post(path, {"title": "Once"}, Idempotency_Key="k1").status_code == 201


def test_a_key_of_the_wrong_form_is_refused(agent: Caller) -> None:
    for key in ("", "a b", "x" * 256):
        assert agent.post("/incidents", {"title": "x"}, Idempotency_Key=key).status_code == 422
    assert not Record.objects.exists()


def test_a_repeated_upload_is_kept_once_however_its_boundary_is_drawn(
    agent: Caller, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    number = agent.post("/incidents", {"title": "x"}).json()["number"]

    def send(content: bytes) -> Any:
        return agent.client.post(
            f"/api/v1/records/{number}/attachments",
            {"file": SimpleUploadedFile("note.txt", content), "visibility": "public"},
            headers={"Authorization": f"Bearer {agent.token}", "Idempotency-Key": "f"},
        )

    first, second, other = send(b"Hello"), send(b"Hello"), send(b"Bye")
    assert (first.status_code, other.status_code) == (201, 422)
    assert second.content == first.content
    assert len(agent.get(f"/records/{number}/attachments").json()["items"]) == 1


def test_answers_are_forgotten_after_a_day(agent: Caller) -> None:
    for key, age in (("old", 25), ("young", 23)):
        agent.post("/incidents", {"title": "x"}, Idempotency_Key=key)
        KeptAnswer.objects.filter(key=key).update(made=timezone.now() - timedelta(hours=age))
    forget_answers(int(timezone.now().timestamp()))
    assert list(KeptAnswer.objects.values_list("key", flat=True)) == ["young"]


@pytest.mark.database
@pytest.mark.parametrize("lock", [True, False])
def test_of_twenty_equal_requests_at_once_one_is_done(server: str, monkeypatch: pytest.MonkeyPatch, lock: bool) -> None:
    """Also when the early warning is out of order: the unique constraint decides."""
    if not lock:
        monkeypatch.setattr("mainstay.kernel.rest.actions.TRY_LOCK", "SELECT %s <> ''")
    world = build()
    _, token = create_token(world.agent, by=system(), name="many")
    keys = size("idempotency keys")
    with ThreadPoolExecutor(20) as pool:
        for number in range(keys):
            together = threading.Barrier(20)

            def at_once(_: int, number: int = number, together: threading.Barrier = together) -> requests.Response:
                together.wait()
                return send(server, token, number)

            answers = list(pool.map(at_once, range(20)))
            assert {answer.status_code for answer in answers} <= {201, 409}
            made = {answer.content for answer in answers if answer.status_code == 201}
            assert len(made) == 1
            assert send(server, token, number).content in made
    assert Record.objects.count() == keys


def send(server: str, token: str, number: int) -> requests.Response:
    """Open an incident with a key of its own."""
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"key-{number}"}
    return requests.post(f"{server}/api/v1/incidents", json={"title": f"Key {number}"}, headers=headers, timeout=60)
