"""A closed-loop load client: a few connections, each asking again as soon as it was answered.

It runs in a process of its own, so that its threads do not share an interpreter with anything measured.
"""

import http.client
import itertools
import json
import multiprocessing
import statistics
import threading
import time
from collections.abc import Callable, Iterator
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
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for taken, problem, at in _answers(connection, request, numbers, lambda: time.perf_counter() < begin + seconds):
            if at < begin:
                continue
            if problem:
                errors.append(problem)
            else:
                mine.append(taken)
        connection.close()

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


def _answers(
    connection: http.client.HTTPConnection, request: Request, numbers: Iterator[int], going: Callable[[], bool]
) -> Iterator[tuple[float, str, float]]:
    while going():
        body = request.body.replace("{n}", str(next(numbers))) if request.body else None
        began = time.perf_counter()
        connection.request(request.method, request.path, body, {"Host": "localhost", **request.headers})
        response = connection.getresponse()
        text = response.read()
        ended = time.perf_counter()
        fine = response.status == request.status and text.count(request.sign) >= request.times
        yield ended - began, "" if fine else f"{response.status} {text[:300]!r}", ended


def as_json(value: object) -> str:
    """Return a body; keeps `{n}` as it is."""
    return json.dumps(value)
