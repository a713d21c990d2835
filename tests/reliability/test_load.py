"""Under load: kills lose and double nothing (R01, R03), uploads take little memory (R22), a stop answers all (R35)."""

import contextlib
import io
import os
import random
import signal
import struct
import time
import zipfile
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from tests.reliability.instances import PATIENCE, Instance, age, eventually
from tests.reliability.instances import instance as new_instance
from tests.reliability.load import Ledger, Load, prepare, written
from tests.sizes import size

#: The supervisor gives a child up that dies three times within a minute: a whole tree dies less often.
SECONDS_BETWEEN_TREES = 31
#: The web server ends itself, and is started again, when one of its processes dies within 5.5 s of its start.
GROWN = {"The web server": 6, "PostgreSQL": 0}
#: The largest file accepted, in megabytes, as shipped.
LARGEST = 25
#: Creates acknowledged after each kill, so that the service is seen to be back.
BETWEEN_KILLS = 100


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[Instance, str]]:
    with new_instance(started_before=True) as made:
        made.start()
        yield made, prepare(made)


@pytest.fixture
def running(shared: tuple[Instance, str]) -> Instance:
    eventually(shared[0].ready, "it is ready")
    return shared[0]


@pytest.fixture
def load(running: Instance, shared: tuple[Instance, str], tmp_path: Path) -> Load:
    return Load(running, shared[1], Ledger(tmp_path / "ledger"))


def assert_all_stand_once(load: Load) -> None:
    """Everything acknowledged is there under its number, once, with one event `created` and its words, and no more."""
    assert written(load) == {key: [(number, 1, 1)] for key, number in load.ledger.numbers.items()}


@dataclass
class Killer:
    """Kills one process of a tree at random, and now and then all of it."""

    instance: Instance
    name: str
    next_tree: float = 0

    def kill(self) -> None:
        if time.monotonic() > self.next_tree:
            self.next_tree = time.monotonic() + SECONDS_BETWEEN_TREES
            victims = [self.instance.pid(self.name), *self.instance.below(self.name)]
        else:
            eventually(self._grown, "a process has run long enough to be killed")
            victims = [random.choice(self._grown())]
        for pid in victims:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _grown(self) -> list[int]:
        return [pid for pid in self.instance.below(self.name) if age(pid) > GROWN[self.name]]


@pytest.mark.parametrize("name", GROWN)
def test_kills_lose_nothing_acknowledged_and_double_nothing(load: Load, name: str) -> None:
    """Half of the creates for each: the web server with its processes, PostgreSQL with its own."""
    kills, killer = 0, Killer(load.instance, name)
    with load.at_work():
        while not load.enough.is_set() and (
            kills < size("kills under load") or load.acknowledged < size("creates under kill") // 2
        ):
            goal = load.acknowledged + BETWEEN_KILLS
            eventually(lambda goal=goal: load.acknowledged >= goal or load.enough.is_set(), "the service is back")
            killer.kill()
            kills += 1
    eventually(load.instance.ready, "the service is ready again")
    assert load.acknowledged == len(load.begun) >= size("creates under kill") // 2
    assert load.answers[0] + load.answers[503] > 0, "no caller noticed any kill"
    assert_all_stand_once(load)


def memory(pids: list[int], field: str) -> int:
    """The sum of a figure of /proc/PID/status (proc(5)), in bytes."""
    lines = [line for pid in pids for line in Path(f"/proc/{pid}/status").read_text().splitlines()]
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith(f"{field}:"))


def bombs() -> dict[str, bytes]:
    """Small files that become 64 MB where somebody unpacks them, once or layer by layer, or draws them."""
    packed = zlib.compress(bytes(64 << 20), 9)
    nested = packed
    for layer in range(9):
        inner, outer = nested, io.BytesIO()
        with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{layer}.zip", inner)
        nested = outer.getvalue()
    header = b"IHDR" + struct.pack(">IIBBBBB", 1, 10**9, 8, 0, 0, 0, 0)
    picture = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    return {"nested.zip": nested, "flat.gz": b"\x1f\x8b\x08" + packed, "tall.png": picture + packed}


def test_many_large_uploads_and_bombs_at_once_take_little_memory_and_leave_no_unfinished_file(
    running: Instance, shared: tuple[Instance, str]
) -> None:
    address, headers = f"http://127.0.0.1:{running.port}/api/v1", {"Authorization": f"Bearer {shared[1]}"}
    number = requests.post(f"{address}/incidents", json={"title": "Logs"}, headers=headers, timeout=60).json()["number"]

    def send(name: str, content: bytes) -> int:
        files, data = {"file": (name, content)}, {"visibility": "public"}
        where = f"{address}/records/{number}/attachments"
        try:
            return requests.post(where, headers=headers, files=files, data=data, timeout=PATIENCE).status_code
        except requests.RequestException:
            return 413  # refused while it was still being sent: nobody reads on, and the answer may be lost with that

    def large(each: int) -> int:
        return send(f"{each}.bin", str(each).encode() + bytes((LARGEST + each % 2 * 2 - 1) << 20))

    web = running.below("The web server")
    before = memory(web, "VmRSS")
    for pid in web:
        Path(f"/proc/{pid}/clear_refs").write_text("5")  # its highest figure starts anew
    with ThreadPoolExecutor(size("uploads at once")) as pool:
        answers = list(pool.map(large, range(size("uploads at once"))))
        stored = list(pool.map(lambda bomb: send(*bomb), bombs().items()))
    assert answers == [201, 413] * (len(answers) // 2)
    assert stored == [201] * len(bombs())
    assert running.below("The web server") == web
    assert memory(web, "VmHWM") - before < min(300, len(answers) * LARGEST // 4) << 20
    kept = [path.stat().st_size for path in (running.home / "files").rglob("*") if path.is_file()]
    assert sum(kept) < len(answers) // 2 * LARGEST + 2 << 20
    assert list((running.home / "files" / "incoming").iterdir()) == []


def test_a_stop_under_load_answers_every_request_it_began(load: Load) -> None:
    with load.at_work():
        eventually(lambda: load.acknowledged > BETWEEN_KILLS, "the load has begun")
        load.instance.process.send_signal(signal.SIGTERM)
        assert load.instance.ended() == 0
        load.called_off.set()
    assert set(load.answers) <= {0, 201}
    assert "did not stop by itself" not in load.instance.words()
    load.instance.start()
    assert_all_stand_once(load)
