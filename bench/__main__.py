"""`python -m bench`: seed, start the shipped server, measure, and print each figure beside bare PostgreSQL's."""

import argparse
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.client import Figures, Request

ROOT = Path(__file__).resolve().parents[1]
CONNECTIONS = 8
#: On a machine that others share, a figure is measured again until its host took no more than this share of the time,
#: so often at most; then the run that was disturbed least counts.
CALM, RUNS = 0.03, 8
#: Seconds until what a start or a load left behind (autovacuum above all) has settled.
SETTLING = 20


def main() -> None:
    options = _options()
    os.environ["MAINSTAY_HOME"] = str(options.home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.site.settings")
    os.environ["MAINSTAY_PORT"] = str(options.port)
    os.environ["MAINSTAY_INTERNAL_NETWORKS"] = "127.0.0.1/32"  # where the mail server of the bench listens
    sys.path.insert(0, str(ROOT / "src"))
    from mainstay.site.operations.binaries import wheel_folder

    os.environ.setdefault("MAINSTAY_PG_BIN", str(wheel_folder()))
    import django

    django.setup()
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {CONNECTIONS} connections"
    )
    for size in options.sizes:
        _measure_size(size, options)
    if options.log:
        _measure_import(options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--sizes", nargs="+", default=["100k", "1m"], choices=["demo", "100k", "1m"])
    parser.add_argument("--seconds", type=int, default=10, help="how long each figure is measured")
    parser.add_argument("--home", type=Path, default=ROOT / ".mainstay" / "bench")
    parser.add_argument("--port", type=int, default=8200)
    parser.add_argument("--only", nargs="+", default=[], help="measure only work whose name holds one of these words")
    parser.add_argument("--log", type=Path, help="also replay this incident log (zip or CSV)")
    return parser.parse_args()


def _measure_size(size: str, options: argparse.Namespace) -> None:
    from bench import stand

    took = stand.prepare(size, options.port)
    seeded = f"seeded in {took:.0f} s" if took else "kept from an earlier run"
    print(f"\n## {size}: {seeded}\n")
    with stand.running(options.port) as pid:
        _print_memory(pid, "at rest")
        _print_figures(options)
        _print_rules(options)
        _print_mails(options)
        _print_memory(pid, "after the load")


def _print_figures(options: argparse.Namespace) -> None:
    from bench.bare import per_second, script_for
    from bench.work import REACH, requests, visitor
    from mainstay.site.operations.postgres import embedded_cluster

    print("| work | per second | p50 ms | p95 ms | errors | stolen | bare PostgreSQL per second | ratio | reach |")
    print("|---|---|---|---|---|---|---|---|---|")
    for request in requests(visitor()):
        if options.only and not any(word in request.name for word in options.only):
            continue
        taken, ours = _least_disturbed(request, options)
        bare = per_second(embedded_cluster(), script_for(request), connections=CONNECTIONS, seconds=options.seconds)
        print(
            f"| {ours.name} | {ours.per_second:.0f} | {ours.p50:.0f} | {ours.p95:.0f} | {ours.errors} "
            f"| {taken:.0%} | {bare:.0f} | 1 : {bare / ours.per_second:.1f} | {REACH[request.name]} |",
            flush=True,
        )
        if ours.errors:
            print(f"\nThe first error: {ours.first_error}\n")


def _print_rules(options: argparse.Namespace) -> None:
    from bench.rules import REACH, RULES, added

    if not options.only or "rules" in options.only:
        without, more = added()
        print(f"\n{RULES} active rules add {more:.1f} ms to creating a case ({without:.1f} ms); at most {REACH:.0f}\n")


def _print_mails(options: argparse.Namespace) -> None:
    from bench.mails import MAILS, REACH, measure

    if not options.only or "mails" in options.only:
        kept, handled = measure()
        print(f"\n{MAILS} mails from IMAP: {kept:.0f}/s kept, {handled:.0f}/s have become cases; at least {REACH}\n")


def _least_disturbed(request: "Request", options: argparse.Namespace) -> "tuple[float, Figures]":
    """Measure until it is calm; return the share of time that the host took, and the figures, where it was least."""
    from bench.client import measure
    from bench.machine import stolen

    runs = []
    for _run in range(RUNS):
        with stolen() as share:
            figures = measure(options.port, request, connections=CONNECTIONS, seconds=options.seconds)
        runs.append((share[0], figures))
        if share[0] <= CALM:
            break
    return min(runs, key=lambda run: run[0])


def _print_memory(pid: int, when: str) -> None:
    from bench.memory import proportional_megabytes

    time.sleep(SETTLING)
    megabytes, count = proportional_megabytes(pid)
    print(f"\nMemory of the whole stack {when}, shared pages once: {megabytes:.0f} MB in {count} processes\n")


def _measure_import(options: argparse.Namespace) -> None:
    from bench import stand

    with stand.empty(options.port):
        began = time.monotonic()
        subprocess.run([*stand.MAINSTAY, "import", "incident-log", str(options.log)], check=True)
        print(f"\nReplay of the incident log: {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
