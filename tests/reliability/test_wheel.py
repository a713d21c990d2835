"""The wheel is the product: built with its assets, it installs into an empty environment and starts there."""

import os
import re
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

from tests.reliability.instances import instance as new_instance

ROOT = Path(__file__).parents[2]
UV = Path(sys.executable).with_name("uv")


def run(*command: str | Path) -> str:
    done = subprocess.run(list(map(str, command)), cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    run(UV, "build", "--quiet", "--wheel", "--out-dir", folder)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def environment(wheel, tmp_path_factory):
    """An empty environment with the wheel and the locked versions of what it needs."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    run(UV, "venv", "--quiet", "--python", sys.executable, folder)
    locked = folder.with_name("requirements.txt")
    run(UV, "export", "--quiet", "--frozen", "--no-dev", "--no-emit-project", "--output-file", locked)
    run(UV, "pip", "install", "--quiet", "--python", folder / "bin" / "python", "-r", locked, wheel)
    return folder


def test_the_wheel_holds_what_is_built_and_nothing_of_the_tests(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert "mainstay/kernel/web/static/web/build/manifest.json" in names
    assert [name for name in names if name.endswith("LICENSE")] != []
    assert [name for name in names if "/tests/" in name or name.endswith((".ts", ".po"))] == []


def test_the_wheel_refuses_to_be_built_without_its_front_end(tmp_path):
    copy = tmp_path / "source"
    ignored = shutil.ignore_patterns("build", ".venv", "node_modules", ".git", "__pycache__", ".mainstay")
    shutil.copytree(ROOT, copy, ignore=ignored)
    command = [UV, "build", "--wheel", "--out-dir", tmp_path / "dist", copy]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode != 0
    assert "make wheel" in done.stderr


def test_the_installed_wheel_starts_and_serves_its_assets(environment):
    with new_instance() as installed:
        installed.program = [str(environment / "bin" / "mainstay")]
        installed.environment["PATH"] = os.defpath
        installed.start()
        assert installed.ready()
        address = f"http://127.0.0.1:{installed.port}/static/web/build/manifest.json"
        with urllib.request.urlopen(address, timeout=30) as answer:
            assert answer.status == 200
        assert re.search(r"mainstay, version \d", installed.run("--version").stdout)
