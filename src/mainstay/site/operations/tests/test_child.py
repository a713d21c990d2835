"""A child that must be ended takes along what it has started; one that keeps dying is given up."""

import signal
import sys
from pathlib import Path

import pytest

from mainstay.site.operations.child import Child
from mainstay.site.operations.instance import InstanceError

STUBBORN = """
import signal, subprocess, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
below = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
print(below.pid, flush=True)
below.wait()
"""


def test_a_child_that_does_not_stop_is_ended_with_everything_below_it(tmp_path):
    child = Child("The stubborn one", [sys.executable, "-c", STUBBORN], log=tmp_path / "words")
    child.start()
    while not (below := (tmp_path / "words").read_text().strip()):
        pass
    child.ask_to_stop()
    child.end(0.1)
    assert child.process.returncode == -signal.SIGKILL
    while is_alive(below):
        pass


def is_alive(pid):
    """Whether a process runs; one that only waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize(("seconds", "given_up"), [(29, True), (31, False)])
def test_three_deaths_within_a_minute_give_a_child_up(tmp_path, seconds, given_up):
    child = Child("The short-lived one", ["false"], log=tmp_path / "words")

    def die(now):
        child.start()
        child.process.wait()
        child.bury(now, counted=True)
        return child.restart_at - now

    assert [die(0), die(seconds)] == [0, 1]
    if given_up:
        with pytest.raises(InstanceError, match="ended 3 times within a minute"):
            die(2 * seconds)
    else:
        assert die(2 * seconds) == 1


def test_deaths_that_are_not_its_own_fault_are_forgiven(tmp_path):
    child = Child("The blameless one", ["false"], log=tmp_path / "words")
    for now in range(5):
        child.start()
        child.process.wait()
        child.bury(now, counted=False)
    assert child.deaths == []
