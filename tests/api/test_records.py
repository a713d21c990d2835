"""What every record has, through the interface."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.api.conftest import Caller, caller
from tests.world import World, statements


@pytest.fixture
def number(requester: Caller) -> str:
    return str(requester.post("/incidents", {"title": "The printer does not print"}).json()["number"])


def made(answer: Any) -> Any:
    """Return what was made, having seen that its address leads to it."""
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_a_record_shows_what_every_kind_has(agent: Caller, number: str) -> None:
    answer = agent.get(f"/records/{number.lower()}")
    assert (answer.status_code, answer.json()["kind"], answer.headers["ETag"]) == (200, "incident", '"1"')


def test_a_conversation_is_told_to_each_as_far_as_they_may_hear(agent: Caller, requester: Caller, number: str) -> None:
    path = f"/records/{number}/comments"
    public = agent.post(path, {"body": "Is the cable in?", "visibility": "public"})
    made(public)
    internal = made(agent.post(path, {"body": "Not the sharpest.", "visibility": "internal"}))
    assert requester.get(public.headers["Location"]).json()["body"] == "Is the cable in?"
    assert requester.get(f"{path}/{internal['id']}").status_code == 404
    assert agent.get(f"{path}/{internal['id']}").status_code == 200
    assert [item["body"] for item in requester.get(path).json()["items"]] == ["Is the cable in?"]
    assert len(agent.get(path).json()["items"]) == 2
    assert requester.post(path, {"body": "x", "visibility": "internal"}).status_code == 403
    assert made(requester.post(path, {"body": "It is.", "visibility": "public"}))["author"] == "Rita Requester"
    told = [item["body"] for item in requester.get(f"/records/{number}/timeline").json()["items"]]
    assert told == [None, "Is the cable in?", "It is."]
    assert len(agent.get(f"/records/{number}/timeline").json()["items"]) == 4


def test_a_timeline_comes_in_pages(agent: Caller, number: str) -> None:
    for body in "abcd":
        agent.post(f"/records/{number}/comments", {"body": body, "visibility": "public"})
    path, seen = f"/records/{number}/timeline?limit=2", []
    page = agent.get(path).json()
    while True:
        seen += [item["body"] for item in page["items"]]
        if page["next"] is None:
            break
        page = agent.get(f"{path}&cursor={page['next']}").json()
    assert seen == [None, "a", "b", "c", "d"]


def test_files_are_sent_listed_and_saved(
    agent: Caller, requester: Caller, number: str, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path

    def send(by: Caller, **fields: Any) -> Any:
        address = f"/api/v1/records/{number}/attachments"
        return by.client.post(address, fields, headers={"Authorization": f"Bearer {by.token}"})

    sent = send(agent, file=SimpleUploadedFile("note.txt", b"Hello"), visibility="public")
    assert made(sent)["size"] == 5
    hidden = made(send(agent, file=SimpleUploadedFile("secret.txt", b"Hidden"), visibility="internal"))
    saved = requester.get(sent.headers["Location"])
    assert b"".join(saved.streaming_content) == b"Hello"
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert requester.get(hidden["href"]).status_code == 404
    assert agent.get(hidden["href"]).status_code == 200
    assert [item["name"] for item in requester.get(f"/records/{number}/attachments").json()["items"]] == ["note.txt"]
    file = SimpleUploadedFile("note.txt", b"Hello")
    assert send(agent, visibility="public").status_code == 422
    assert send(agent, file=file, visibility="public", added_by="1").status_code == 422
    assert send(agent, file=SimpleUploadedFile("virus.exe", b"MZ"), visibility="public").status_code == 422


def test_records_are_linked_and_unlinked(agent: Caller, requester: Caller, number: str) -> None:
    other = agent.post("/incidents", {"title": "The cable"}).json()["number"]
    path = f"/records/{number}/links"
    link = agent.post(path, {"kind": "relates_to", "target": other})
    assert made(link)["other"] == other
    assert agent.get(link.headers["Location"]).json() == link.json()
    assert requester.get(path).json()["items"] == []  # the other one is not theirs to see
    assert agent.post(path, {"kind": "relates_to", "target": "INC-999999"}).status_code == 422
    assert agent.post(path, {"kind": "relates_to", "target": number}).status_code == 409
    assert requester.delete(link.headers["Location"]).status_code == 404
    assert agent.delete(link.headers["Location"]).status_code == 204
    assert agent.get(path).json()["items"] == []


def test_a_record_goes_on_in_another_and_by_itself_again(agent: Caller, requester: Caller, number: str) -> None:
    double = requester.post("/contacts", {"title": "Nothing prints"}).json()["number"]
    agent.post(f"/records/{double}/comments", {"body": "Which room?", "visibility": "public"})
    path = f"/records/{number}/merged"
    assert requester.post(path, {"record": double}).status_code == 403
    assert agent.post(path, {"record": "SD-999999"}).status_code == 422
    assert agent.post(path, {"record": number}).status_code == 409
    merged = made(agent.post(path, {"record": double.lower()}))
    assert (merged["number"], merged["state"], merged["state_category"]) == (double, "merged", "closed")
    assert agent.post(path, {"record": double}).status_code == 409
    assert [item["number"] for item in agent.get(path).json()["items"]] == [double]
    assert requester.get(path).status_code == 403
    assert agent.get(f"/records/{double}").json()["number"] == number
    assert [item["body"] for item in requester.get(f"/records/{double}/comments").json()["items"]] == ["Which room?"]
    assert requester.delete(f"{path}/{double}").status_code in (403, 404)
    assert agent.delete(f"{path}/{double}").status_code == 204
    assert agent.delete(f"{path}/{double}").status_code == 404
    assert agent.get(f"/records/{double}").json()["state"] == "new"
    assert agent.get(f"/records/{number}/comments").json()["items"] == []


def test_a_mandatory_task_must_be_done_before_the_resolution(agent: Caller, requester: Caller, number: str) -> None:
    path = f"/records/{number}/tasks"
    task = agent.post(
        path,
        {
            "title": "Call",
            "owner": "adam@acme.example",
            "team": "desk",
            "due": "2030-01-01T00:00:00Z",
            "mandatory": True,
        },
    )
    made(task)
    resolution = {"solution": "Done", "closing_category": "other"}
    assert agent.post(f"/incidents/{number}/actions/resolve", resolution).status_code == 409
    address = task.headers["Location"]
    assert agent.post(f"{address}/actions/complete").json()["done_by"] == "Adam Agent"
    assert agent.post(f"{address}/actions/complete").status_code == 409
    assert agent.post(f"{address}/actions/reopen").json()["done"] is None
    assert agent.post(f"{address}/actions/complete").status_code == 200
    assert agent.post(f"/incidents/{number}/actions/resolve", resolution).status_code == 200
    assert requester.get(path).status_code == 403
    assert requester.post(path, {"title": "x"}).status_code == 403


def test_work_is_logged_by_those_who_do_it(agent: Caller, requester: Caller, number: str) -> None:
    path = f"/records/{number}/work"
    entry = agent.post(path, {"minutes": 15, "note": "Looked for the cable"})
    assert made(entry)["person"] == "Adam Agent"
    assert agent.get(entry.headers["Location"]).json()["minutes"] == 15
    for minutes in (0, 1441, 1.5, "5"):
        assert agent.post(path, {"minutes": minutes}).status_code == 422
    assert requester.post(path, {"minutes": 5}).status_code == 403
    assert requester.get(path).status_code == 403


def test_watching_twice_is_watching_once(agent: Caller, number: str) -> None:
    from mainstay.kernel.records.models import Watch

    for _ in range(2):
        assert agent.put(f"/records/{number}/watch").status_code == 204
    assert Watch.objects.filter(person__name="Adam Agent").count() == 1
    assert agent.delete(f"/records/{number}/watch").status_code == 204
    assert not Watch.objects.filter(person__name="Adam Agent").exists()


def test_references_are_filled_from_lists(agent: Caller, requester: Caller, world: World) -> None:
    assert [team["slug"] for team in agent.get("/teams").json()["items"]] == ["desk"]
    assert requester.get("/teams").status_code == 403
    closing = agent.get("/categories?chosen_when=closing").json()["items"]
    assert {
        "slug": "hardware-printer",
        "name": "Printer",
        "parent": "hardware",
        "opens": True,
        "closes": True,
    } in closing
    assert {reason["slug"] for reason in agent.get("/hold-reasons").json()["items"]} >= {"vendor", "caller"}
    assert caller(world.stranger).get("/teams").json()["items"] == []


def test_some_of_what_was_said_becomes_a_case_of_its_own(agent: Caller, requester: Caller, number: str) -> None:
    said = made(agent.post(f"/records/{number}/comments", {"body": "The telephone, too.", "visibility": "public"}))
    path, wanted = f"/records/{number}/splits", {"comments": [said["id"]], "title": "Telephone"}
    assert requester.post(path, wanted).status_code in (403, 404)
    unknown = {**wanted, "comments": ["01890a5d-ac96-774b-bcce-b302099a8057"]}
    assert agent.post(path, unknown).status_code == 422
    assert agent.post(path, {**wanted, "requester": "nobody@acme.example"}).status_code == 422
    split = made(agent.post(path, {**wanted, "kind": "incident", "requester": "rita@acme.example"}))
    assert (split["kind"], split["title"]) == ("incident", "Telephone")
    comments = f"/records/{split['number']}/comments"
    assert [item["id"] for item in requester.get(comments).json()["items"]] == [said["id"]]
    undo = f"{path}/{split['number']}/actions/undo"
    assert requester.post(undo, {}).status_code in (403, 404)
    assert agent.post(undo, {}).status_code == 204
    assert agent.get(comments).json()["items"] == []
    assert agent.post(undo, {}).status_code == 409


def test_a_reply_is_scheduled_shown_changed_and_taken_back(agent: Caller, requester: Caller, number: str) -> None:
    path, at = f"/records/{number}/scheduled-replies", (timezone.now() + timedelta(days=1)).isoformat()
    for refused in ({"body": "x", "at": "2020-01-01T08:00:00Z"}, {"body": "", "at": at}):
        assert agent.post(path, refused).status_code == 422
    assert requester.post(path, {"body": "x", "at": at}).status_code in (403, 404)
    answer = agent.post(path, {"body": "How is it?", "at": at})
    reply = made(answer)
    assert agent.get(answer.headers["Location"]).json()["body"] == "How is it?"
    assert requester.get(path).status_code in (403, 404)
    changed = agent.patch(f"{path}/{reply['id']}", {"even_if_answered": True}).json()
    assert (changed["body"], changed["even_if_answered"]) == ("How is it?", True)
    assert [item["id"] for item in agent.get(path).json()["items"]] == [reply["id"]]
    assert agent.delete(f"{path}/{reply['id']}").status_code == 204
    assert agent.get(f"{path}/{reply['id']}").status_code == 404


LISTS = ("comments", "links", "merged", "tasks", "work", "timeline", "attachments")


@pytest.mark.parametrize("name", LISTS)
def test_the_lists_of_a_record_take_as_many_queries_for_one_row_as_for_three(
    agent: Caller, number: str, name: str
) -> None:
    def count() -> int:
        return statements(agent, f"/records/{number}/{name}")

    def add() -> None:
        other = agent.post("/incidents", {"title": "Other"}).json()["number"]
        agent.post(f"/records/{number}/comments", {"body": "Hello", "visibility": "public"})
        agent.post(f"/records/{number}/links", {"kind": "relates_to", "target": other})
        agent.post(f"/records/{number}/tasks", {"title": "Call", "owner": "adam@acme.example", "team": "desk"})
        agent.post(f"/records/{number}/work", {"minutes": 5})
        if name == "merged":
            agent.post(f"/records/{number}/merged", {"record": other})

    add()
    with_one = count()
    add()
    add()
    assert count() == with_one
