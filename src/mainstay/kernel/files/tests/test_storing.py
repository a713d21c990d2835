import io
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from mainstay.kernel.files import storage
from mainstay.kernel.files.actions import store, sweep
from mainstay.kernel.files.models import Content
from mainstay.kernel.files.queries import open_content
from mainstay.kernel.practice.errors import Invalid, Missing
from mainstay.kernel.practice.models import Setting
from mainstay.kernel.records.actions import attach
from mainstay.support.incidents import actions as incidents
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: object, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_content_is_kept_once_whatever_its_names(folder: Path) -> None:
    first = store(io.BytesIO(b"hello"), name="a.txt")
    second = store(io.BytesIO(b"hello"), name="../b.log")
    assert first.content == second.content
    assert (second.name, second.media_type) == ("b.log", "text/plain")
    assert [path.name for path in files_in(folder)] == [first.content.digest]
    with open_content(first.content) as file:
        assert file.read() == b"hello"


def test_what_is_refused_leaves_nothing_behind(folder: Path) -> None:
    Setting.objects.create(key="files.largest_megabytes", value=1)
    for name, content in (("a.txt", b""), ("a.png", b"<html>"), ("a.exe", b"x"), ("a.txt", b"x" * (1024 * 1024 + 1))):
        with pytest.raises(Invalid) as refused:
            store(io.BytesIO(content), name=name)
        assert set(refused.value.errors) == {"file"}
    assert store(io.BytesIO(b"x" * 1024 * 1024), name="a.txt").content.size == 1024 * 1024
    assert len(files_in(folder)) == 1
    assert Content.objects.count() == 1


def test_a_stream_that_breaks_leaves_nothing_behind(folder: Path) -> None:
    class Broken:
        def read(self, size: int, /) -> bytes:
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        store(Broken(), name="a.txt")
    assert files_in(folder) == []


def test_the_sweep_takes_what_nothing_refers_to_and_leaves_the_rest(folder: Path, world: World) -> None:
    incident = incidents.create(by=world.as_requester(), title="Printer")
    kept = attach(incident, by=world.as_requester(), name="kept.txt", stream=io.BytesIO(b"kept")).content
    orphan = store(io.BytesIO(b"orphan"), name="orphan.txt").content
    young = store(io.BytesIO(b"young"), name="young.txt").content
    Content.objects.exclude(pk=young.pk).update(stored=timezone.now() - timedelta(days=2))
    stray, unfinished = folder / "ab" / ("ab" * 32), storage.incoming() / "half"
    stray.parent.mkdir(exist_ok=True)
    for path in (stray, unfinished):
        path.write_bytes(b"?")
        os.utime(path, (time.time() - 200_000,) * 2)

    assert sweep() == 3
    assert set(Content.objects.values_list("pk", flat=True)) == {kept.pk, young.pk}
    assert {path.name for path in files_in(folder)} == {kept.pk, young.pk}
    with pytest.raises(Missing):
        open_content(orphan)
