"""Wishes to stop: the first and the second count, an echo does not."""

import subprocess
import sys

SCRIPT = """
import os, signal, time
from frontdesk.stop_signals import StopRequested, StopSignals

def wish(*numbers):
    try:
        for number in numbers:
            os.kill(os.getpid(), number)
            time.sleep(0.01)
    except StopRequested:
        print("heard", flush=True)
    else:
        print("passed over", flush=True)

StopSignals(parent=os.getppid()).listen()
wish(signal.SIGUSR1)
wish(signal.SIGTERM)
wish(signal.SIGTERM, signal.SIGINT)
time.sleep(0.8)
wish(signal.SIGHUP)
time.sleep(0.8)
wish(signal.SIGINT)
"""


def test_two_wishes_are_heard_and_their_echoes_passed_over() -> None:
    """SIGUSR1 says that the parent is gone, which is not so here: only a thread of it can have been."""
    said = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=30, check=True).stdout
    assert said.splitlines() == ["passed over", "heard", "passed over", "heard", "passed over"]
