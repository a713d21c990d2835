"""A backup holds everything, restores into an empty instance only, and notices a changed bit (R26 small)."""

import json
import subprocess
import sys
import tarfile

import pytest

from mainstay.site.operations import backup
from mainstay.site.operations.instance import InstanceError
from tests.reliability.instances import Instance
from tests.reliability.instances import instance as new_instance

FILL = """
import django; django.setup()
from mainstay.kernel.access.actor import system
from mainstay.kernel.people.actions import create_person
from mainstay.kernel.people.models import Organisation
home = Organisation.objects.get()
create_person(by=system("command"), name="Zoë Straße", email="zoe@acme.example", organisation=home)
"""
CHECKSUMS = """
import json
from mainstay.site.operations import backup, database
with database.connect("owner") as connection:
    print(json.dumps(backup.checksums(connection)))
"""
#: Tables that live on by themselves while workers run.
RESTLESS = ("procrastinate_",)


def python(instance: Instance, program: str) -> str:
    environment = instance.environment | {"DJANGO_SETTINGS_MODULE": "mainstay.site.settings"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def tables(instance: Instance) -> dict[str, list]:
    found = json.loads(python(instance, CHECKSUMS))
    return {name: value for name, value in found.items() if not name.startswith(RESTLESS)}


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A backup of an instance with a person and an attachment; what its tables were; its secret key."""
    target = tmp_path_factory.mktemp("backup") / "mainstay.backup"
    with new_instance(started_before=True) as made:
        made.start()
        python(made, FILL)
        (made.home / "files" / "ab").mkdir(parents=True)
        (made.home / "files" / "ab" / "abcdef").write_bytes(bytes(range(256)) * 1000)
        (made.home / "files" / "incoming").mkdir(exist_ok=True)
        (made.home / "files" / "incoming" / "unfinished").write_bytes(b"half a file")
        done = made.run("backup", str(target))
        assert done.returncode == 0, done.stderr
        again = made.run("backup", str(target))
        assert "exists already" in again.stderr
        before = tables(made)
        key = (made.home / "secrets" / "secret_key").read_text()
    assert before["people_person"][0] == 1
    return target, before, key


def test_a_backup_restores_everything_into_an_empty_instance_and_only_there(saved):
    target, before, key = saved
    assert target.stat().st_mode & 0o777 == 0o600
    with new_instance() as other:
        done = other.run("restore", str(target))
        assert done.returncode == 0, done.stderr
        assert "1 files; all agree" in done.stdout
        assert (other.home / "files" / "ab" / "abcdef").read_bytes() == bytes(range(256)) * 1000
        assert (other.home / "secrets" / "secret_key").read_text().strip() == key.strip()
        again = other.run("restore", str(target))
        assert (again.returncode, "not empty" in again.stderr) == (1, True)
        other.start()
        assert other.ready()
        assert tables(other) == before
        busy = other.run("restore", str(target))
        assert "already runs" in busy.stderr


def with_a_bit_changed(source, place, folder):
    content = bytearray(source.read_bytes())
    content[place] ^= 1
    damaged = folder / "damaged.backup"
    damaged.write_bytes(content)
    return damaged


def test_a_single_changed_bit_of_any_part_is_noticed(saved, tmp_path):
    with tarfile.open(saved[0]) as archive:
        parts = {part.name: part.offset_data + part.size // 2 for part in archive if part.isfile()}
    assert {"manifest.json", "database.dump", "secret_key", "files/ab/abcdef"} < set(parts)
    assert "files/incoming/unfinished" not in parts
    for number, place in enumerate(parts.values()):
        damaged = with_a_bit_changed(saved[0], place, tmp_path)
        with pytest.raises(InstanceError, match=r"is damaged|is not a whole backup"):
            backup.unpack(damaged, tmp_path / str(number))


@pytest.mark.parametrize("name", ["../outside", "/outside", "files/../../outside"])
def test_a_part_that_would_lie_elsewhere_is_refused(name, tmp_path):
    source = tmp_path / "hostile.backup"
    with tarfile.open(source, "w") as archive:
        archive.addfile(tarfile.TarInfo(name))
    with pytest.raises(InstanceError, match="is not a whole backup"):
        backup.unpack(source, tmp_path / "folder")
    assert [path.name for path in tmp_path.iterdir()] == ["hostile.backup"]


def test_a_link_is_no_part_of_a_backup(tmp_path):
    source, link = tmp_path / "hostile.backup", tarfile.TarInfo("manifest.json")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    with tarfile.open(source, "w") as archive:
        archive.addfile(link)
    with pytest.raises(InstanceError, match="is not a whole backup"):
        backup.unpack(source, tmp_path / "folder")


def test_a_damaged_backup_is_refused_before_anything_is_written(saved, tmp_path):
    damaged = with_a_bit_changed(saved[0], saved[0].stat().st_size // 2, tmp_path)
    with new_instance() as other:
        done = other.run("restore", str(damaged))
        assert done.returncode == 1
        assert "damaged" in done.stderr or "not a whole backup" in done.stderr
        mended = other.run("restore", str(saved[0]))
        assert mended.returncode == 0, mended.stderr


def test_a_backup_of_a_newer_version_is_refused_with_its_number(saved, tmp_path):
    manifest = backup.unpack(saved[0], tmp_path / "unpacked")
    assert manifest.migrations
    program = f"""
from pathlib import Path
import django; django.setup()
from mainstay.site.operations import backup
from mainstay.site.operations.supervisor import Supervisor
with Supervisor("127.0.0.1", 0).database_alone():
    backup.restore(Path({str(saved[0])!r}), frozenset())
"""
    with new_instance() as other:
        environment = other.environment | {"DJANGO_SETTINGS_MODULE": "mainstay.site.settings"}
        done = subprocess.run(
            [sys.executable, "-c", program], env=environment, check=False, capture_output=True, text=True
        )
    assert "newer Mainstay" in done.stderr
