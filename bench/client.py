"""A closed-loop load client: a few connections, each asking again as soon as it was answered.

It runs in a process of its own, so that its threads do not share an interpreter with anything measured.
"""

import itertools
import json
import multiprocessing
import re
import socket
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Request:
    """What to ask. `body` may hold {n}, replaced by a number that no other request of the run has."""

    name: str
    path: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    status: int = 200
    #: What the answer must contain and how often at least, or it counts as an error.
    sign: bytes = b""
    times: int = 1


@dataclass(frozen=True)
class Figures:
    """What a run measured; times in milliseconds, waiting in the queue of a busy machine included."""

    name: str
    per_second: float
    p50: float
    p95: float
    answers: int
    errors: int
    first_error: str


def measure(port: int, request: Request, *, connections: int, seconds: float, warm_up: float = 2.0) -> Figures:
    """Ask `request` over `connections` for `seconds`, after a warm-up that does not count."""
    here, there = multiprocessing.get_context("spawn").Pipe(duplex=False)
    worker = multiprocessing.get_context("spawn").Process(
        target=_run, args=(there, port, request, connections, seconds, warm_up)
    )
    worker.start()
    figures: Figures = here.recv()
    worker.join()
    return figures


def _run(answer: Any, port: int, request: Request, connections: int, seconds: float, warm_up: float) -> None:
    numbers = itertools.count(time.time_ns() // 1_000_000)
    begin = time.perf_counter() + warm_up
    times: list[list[float]] = [[] for _ in range(connections)]
    errors: list[str] = []

    def ask(mine: list[float]) -> None:
        with Connection(port, request) as connection:
            while (began := time.perf_counter()) < begin + seconds:
                problem = connection.ask(next(numbers))
                ended = time.perf_counter()
                if ended < begin:
                    continue
                if problem:
                    errors.append(problem)
                else:
                    mine.append(ended - began)

    threads = [threading.Thread(target=ask, args=(mine,)) for mine in times]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - begin
    flat = sorted(itertools.chain.from_iterable(times)) or [float("nan")]
    answer.send(
        Figures(
            request.name,
            len(flat) / took,
            statistics.median(flat) * 1000,
            flat[int(len(flat) * 0.95)] * 1000,
            len(flat),
            len(errors),
            errors[0] if errors else "",
        )
    )


class Connection:
    """One kept connection that asks the same again and again.

    It reads the two header fields it needs and no more: the standard library's client takes a millisecond of the very
    processors that are measured.
    """

    def __init__(self, port: int, request: Request) -> None:
        self.request = request
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        fields = "".join(f"{name}: {value}\r\n" for name, value in {"Host": "localhost", **request.headers}.items())
        self.head = f"{request.method} {request.path} HTTP/1.1\r\n{fields}"

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *failure: object) -> None:
        self.socket.close()

    def ask(self, number: int) -> str:
        """Ask once; return what was wrong with the answer, nothing if it was right."""
        body = self.request.body.replace("{n}", str(number)).encode()
        self.socket.sendall(f"{self.head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        head, _end, text = self._until(lambda found: b"\r\n\r\n" in found).partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if length is None:
            raise ValueError(f"The answer does not say how long it is: {head!r}")
        text += self._until(lambda found: len(found) >= int(length[1]) - len(text))
        status = int(head.split(b" ", 2)[1])
        fine = status == self.request.status and text.count(self.request.sign) >= self.request.times
        return "" if fine else f"{status} {text[:300]!r}"

    def _until(self, complete: Callable[[bytes], bool]) -> bytes:
        found = b""
        while not complete(found):
            part = self.socket.recv(1 << 16)
            if not part:
                raise ConnectionError("The server closed the connection.")
            found += part
        return found


LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


def as_json(value: object) -> str:
    """Return a body; keeps `{n}` as it is."""
    return json.dumps(value)
