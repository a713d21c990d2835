"""A process of the web server: whole before it listens, and gone at once when it is told to stop while it loads."""

import subprocess
import sys

LOADING = """
import importlib, multiprocessing, signal, sys

def ours(*arguments): pass

def load():
    importlib.reload(mainstay.site.wsgi)
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL, "a stop would be passed over"

signal.signal(signal.SIGTERM, ours)
import mainstay.site.wsgi
assert "mainstay.support.incidents.views.queue" in sys.modules, "the first requests would import it"
assert signal.getsignal(signal.SIGTERM) == ours, "only a process below the web server gives its parent's way up"
process = multiprocessing.get_context("fork").Process(target=load)
process.start()
process.join()
sys.exit(process.exitcode)
"""


def test_a_web_process_listens_when_it_can_answer_and_ends_at_once_while_it_loads():
    done = subprocess.run([sys.executable, "-c", LOADING], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
