"""Uploads are stored under names nobody chose and leave only as downloads, for those who may read them."""

import io
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from mainstay.kernel.practice.errors import Invalid, Missing, NotPermitted
from mainstay.kernel.practice.models import Setting
from mainstay.kernel.records.actions import Upload, attach, attach_all, comment_with_files
from mainstay.kernel.records.models import Attachment, Comment
from mainstay.support.incidents import actions as incidents
from mainstay.support.incidents.models import Incident
from tests.world import World, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def incident(world: World) -> Incident:
    return incidents.create(by=world.as_requester(), title="Printer does not print")


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content)


HOSTILE = {
    "page.html": b"<html><script>alert(document.domain)</script>",
    "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "data.xml": b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>",
    "form.pdf": b"%PDF-1.7 /JS (app.alert(1))",
    "both.gif": b"GIF89a/*<script>alert(1)</script>*/=1",
    "script.xhtml": b"<html xmlns='http://www.w3.org/1999/xhtml'/>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_that_was_uploaded_is_ever_shown_or_run(world: World, incident: Incident, name: str) -> None:
    added = attach(incident, by=world.as_requester(), name=name, stream=io.BytesIO(HOSTILE[name]))
    response = signed_in(world.requester).get(f"/attachments/{added.uuid}")
    assert response.status_code == 200
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert response["Cache-Control"] == "private, no-store"
    assert "html" not in response["Content-Type"]
    assert "xml" not in response["Content-Type"]
    assert "svg" not in response["Content-Type"]
    assert body_of(response) == HOSTILE[name]


def test_a_type_that_lies_is_refused(world: World, incident: Incident) -> None:
    with pytest.raises(Invalid):
        attach(incident, by=world.as_requester(), name="shot.png", stream=io.BytesIO(HOSTILE["page.html"]))
    assert not Attachment.objects.exists()


NAMES = [
    "../../../../etc/cron.d/evil",
    "/etc/passwd",
    "..\\..\\windows\\system32\\evil.txt",
    "a\x00.txt",
    "CON",
    "n" * 4096 + ".txt",
    "bill\u202etxt.scr.pdf\u202c.txt",
    'a"; filename="b.html',
    "a\r\nX-Injected: yes.txt",
    "Zeugnis für Jürgen.txt",
]


@pytest.mark.parametrize("name", NAMES)
def test_the_name_that_was_sent_is_never_a_path_nor_a_header(
    world: World, incident: Incident, folder: Path, name: str
) -> None:
    added = attach(incident, by=world.as_requester(), name=name, stream=io.BytesIO(b"text"))
    stored = [path for path in folder.rglob("*") if path.is_file()]
    assert [path.relative_to(folder).as_posix() for path in stored] == [f"{added.content_id[:2]}/{added.content_id}"]
    response = signed_in(world.requester).get(f"/attachments/{added.uuid}")
    assert body_of(response) == b"text"
    assert "X-Injected" not in response
    assert response["Content-Disposition"].startswith("attachment; filename")
    assert not set(response["Content-Disposition"]) & set("\r\n\x00\u202e")
    assert list(folder.parent.rglob("*evil*")) == []


def test_an_internal_file_is_there_for_agents_and_not_for_the_requester(world: World, incident: Incident) -> None:
    note = comment_with_files(
        incident,
        by=world.as_agent(),
        body="See the log.",
        visibility="internal",
        files=[Upload("log.txt", io.BytesIO(b"secret canary"))],
    )
    (added,) = note.attachments.all()
    assert added.visibility == "internal"
    agent, requester = signed_in(world.agent), signed_in(world.requester)
    assert body_of(agent.get(f"/attachments/{added.uuid}")) == b"secret canary"
    hidden, absent = (
        requester.get(f"/attachments/{uuid}") for uuid in (added.uuid, "00000000-0000-7000-8000-000000000000")
    )
    assert hidden.status_code == absent.status_code == 404
    assert b"canary" not in hidden.content
    assert Client().get(f"/attachments/{added.uuid}").status_code == 302


def test_a_requester_attaches_to_their_own_case_only_and_nothing_internal(world: World, incident: Incident) -> None:
    mine = {"by": world.as_requester(), "name": "a.txt", "stream": io.BytesIO(b"x")}
    assert attach(incident, **mine).added_by == world.requester
    with pytest.raises(NotPermitted):
        attach(incident, **{**mine, "visibility": "internal"})
    other = incidents.create(by=world.as_agent(), title="Another one's")
    with pytest.raises(Missing):
        attach(other, **{**mine, "stream": io.BytesIO(b"x")})


def test_a_refused_file_takes_its_comment_with_it(world: World, incident: Incident) -> None:
    files = [Upload("good.txt", io.BytesIO(b"x")), Upload("bad.png", io.BytesIO(b"no picture"))]
    with pytest.raises(Invalid):
        comment_with_files(incident, by=world.as_requester(), body="Here they are", files=files)
    assert not Comment.objects.exists()
    with pytest.raises(Invalid):
        attach_all(incident, by=world.as_requester(), files=[Upload("a.txt", io.BytesIO(b"x"))] * 21)
    assert not Attachment.objects.exists()


def test_a_bomb_is_stored_as_it_came_and_never_unpacked(world: World, incident: Incident, folder: Path) -> None:
    bomb = b"\x1f\x8b\x08\x00" + zlib.compress(b"\x00" * 50_000_000, 9)
    added = attach(incident, by=world.as_requester(), name="bomb.gz", stream=io.BytesIO(bomb))
    assert added.content.size == len(bomb)
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) == len(bomb)


def test_what_is_too_large_is_refused_before_it_is_read_and_leaves_nothing(
    world: World, incident: Incident, folder: Path
) -> None:
    Setting.objects.create(key="files.largest_megabytes", value=4)
    client = signed_in(world.requester)

    def send(megabytes: int) -> Any:
        file = SimpleUploadedFile("log.txt", b"x" * (megabytes << 20))
        return client.post(f"/cases/{incident.number}/say/", {"body": "Here is the log.", "files": [file]})

    refused = send(6)
    assert refused.status_code == 413
    assert "4 MB" in refused.content.decode()
    assert not Comment.objects.exists()
    assert not folder.exists()

    assert send(3).status_code == 303
    assert Comment.objects.count() == Attachment.objects.count() == 1
    assert list((folder / "incoming").iterdir()) == []


def test_a_refused_large_upload_leaves_no_unfinished_file(world: World, incident: Incident, folder: Path) -> None:
    file = SimpleUploadedFile("shot.png", b"no picture" * 400_000)
    answer = signed_in(world.requester).post(
        f"/cases/{incident.number}/say/", {"body": "Look at this", "files": [file]}
    )
    assert answer.status_code == 422
    assert "Look at this" in answer.content.decode()
    assert not Comment.objects.exists()
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_the_api_says_too_large_in_a_problem_document(world: World) -> None:
    answer = Client().post(
        "/api/v1/records/INC-000001/attachments",
        b"x",
        content_type="multipart/form-data; boundary=x",
        headers={"Content-Length": str(100 << 20)},
    )
    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")
