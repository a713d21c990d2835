"""Choosing binaries, clearing the way after a crash, and where things lie."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mainstay.site.operations import binaries, instance, processes
from mainstay.site.operations.binaries import Binaries
from mainstay.site.operations.instance import InstanceError
from mainstay.site.operations.postgres import Cluster

OLD, NEW = Binaries(Path("/old"), 15), Binaries(Path("/new"), 18)
PASSWORDS = dict.fromkeys(("superuser", "owner", "application"), "secret")


@pytest.fixture
def both(monkeypatch):
    monkeypatch.setattr(binaries, "candidates", lambda: [NEW, OLD])


def test_a_new_cluster_takes_the_best_binaries(both, tmp_path):
    assert binaries.choose_binaries(tmp_path) == NEW


def test_an_existing_cluster_takes_its_own_version(both, tmp_path):
    (tmp_path / "PG_VERSION").write_text("15\n")
    assert binaries.choose_binaries(tmp_path) == OLD


def test_a_cluster_without_its_version_says_which_is_needed(both, tmp_path):
    (tmp_path / "PG_VERSION").write_text("16\n")
    with pytest.raises(InstanceError, match="Install PostgreSQL 16, or name the folder"):
        binaries.choose_binaries(tmp_path)


def test_a_folder_named_in_the_environment_is_the_only_candidate(monkeypatch):
    folder = binaries.wheel_folder()
    monkeypatch.setenv("MAINSTAY_PG_BIN", str(folder))
    assert binaries.candidates() == [Binaries(folder, 18)]


def test_the_lock_of_a_dead_or_recycled_postmaster_is_taken_away(tmp_path):
    cluster = Cluster(tmp_path, NEW, PASSWORDS, account=None)
    cluster.data.mkdir()
    for pid in (os.getpid(), 2**22 + 1):
        (cluster.data / "postmaster.pid").write_text(f"{pid}\n{cluster.data}\n")
        cluster.clear_way(seconds=1)
        assert not (cluster.data / "postmaster.pid").exists()


def test_a_process_that_works_in_the_data_folder_is_never_passed_over(tmp_path):
    cluster = Cluster(tmp_path, NEW, PASSWORDS, account=None)
    cluster.data.mkdir()
    backend = subprocess.Popen([sys.executable, "-c", "input()"], cwd=cluster.data, stdin=subprocess.PIPE)
    try:
        (cluster.data / "postmaster.pid").write_text("1\n")
        with pytest.raises(InstanceError, match=f"{backend.pid}.* still use"):
            cluster.clear_way(seconds=0.3)
        assert (cluster.data / "postmaster.pid").exists()
    finally:
        backend.communicate(b"\n")


def test_a_zombie_does_not_count_as_working(tmp_path):
    ended = subprocess.Popen(["true"], cwd=tmp_path)
    os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
    assert ended.pid in processes.zombies_of(os.getpid())
    assert processes.working_in(tmp_path) == []
    ended.wait()


def test_a_socket_folder_of_somebody_else_is_refused(tmp_path):
    cluster = Cluster(tmp_path / "cluster", NEW, PASSWORDS, account=None)
    cluster.folder.mkdir()
    (tmp_path / "elsewhere").mkdir()
    cluster.socket.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InstanceError, match="belongs to somebody else"):
        cluster._own(cluster.socket)


def test_a_socket_has_a_short_path_however_deep_the_home_is(tmp_path):
    shallow, deep = Path("/srv/mainstay/database"), Path("/srv") / ("deep/" * 30) / "database"
    assert instance.socket_folder(shallow) == shallow / "socket"
    assert len(str(instance.socket_folder(deep))) < 50
    assert instance.socket_folder(deep) != instance.socket_folder(deep / "other")


def test_a_secret_is_made_once_and_closed_to_others(tmp_path, monkeypatch):
    monkeypatch.setenv("MAINSTAY_HOME", str(tmp_path / "home"))
    first = instance.secret("key")
    assert (len(first) >= 43, instance.secret("key") == first) == (True, True)
    assert (tmp_path / "home" / "secrets" / "key").stat().st_mode & 0o777 == 0o600


def test_a_home_is_the_environment_s_then_the_checkout_s_then_the_machine_s(tmp_path, monkeypatch):
    monkeypatch.setenv("MAINSTAY_HOME", str(tmp_path))
    assert instance.home() == tmp_path
    monkeypatch.delenv("MAINSTAY_HOME")
    assert instance.home() == instance.checkout() / ".mainstay"
    monkeypatch.setattr(instance, "checkout", lambda: None)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert instance.home() == Path("/var/lib/mainstay")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("XDG_DATA_HOME", "/home/somebody/data")
    assert instance.home() == Path("/home/somebody/data/mainstay")


def test_a_database_url_serves_both_roles_unless_the_owner_has_its_own(monkeypatch):
    monkeypatch.setenv("MAINSTAY_DATABASE_URL", "postgresql://app:p%40ss@db.example:5433/desk?sslmode=require")
    place = instance.database("application")
    assert (place["USER"], place["PASSWORD"], place["HOST"]) == ("app", "p@ss", "db.example")
    assert (place["PORT"], place["NAME"], place["OPTIONS"]["sslmode"]) == ("5433", "desk", "require")
    assert instance.database("owner")["USER"] == "app"
    monkeypatch.setenv("MAINSTAY_OWNER_DATABASE_URL", "postgresql://own@db.example/desk")
    assert instance.database("owner")["USER"] == "own"


def test_a_database_url_of_another_kind_is_refused_with_the_right_shape(monkeypatch):
    monkeypatch.setenv("MAINSTAY_DATABASE_URL", "mysql://desk")
    with pytest.raises(InstanceError, match="postgresql://user:password@host:5432/name"):
        instance.database("application")


def test_one_supervisor_at_a_time_holds_a_home(tmp_path, monkeypatch):
    monkeypatch.setenv("MAINSTAY_HOME", str(tmp_path))
    held = instance.lock()
    assert (instance.lock(), instance.is_locked()) == (None, True)
    os.close(held)
    assert not instance.is_locked()
