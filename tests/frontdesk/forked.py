"""Commands that start at once: forked from a process that has loaded all of them, and has run none.

Loading takes longer than most commands do. What a command meets is the same: arguments, environment, folder, its own
output, and an interpreter that ends as it does otherwise.
"""

import atexit
import gc
import json
import os
import runpy
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from frontdesk.cli import frontdesk
from frontdesk.commands.tenants import command as tenants

ROOT = Path(__file__).parents[2]
_PROGRAM = "import sys; from tests.frontdesk.forked import serve; serve(int(sys.argv[1]))"
_LONGEST_ORDER = 1_000_000
_LOADING_SECONDS = 300.0
_AT_ONCE = 0.001
_NUMBER = struct.Struct("i")


class Fork:
    """A command under way, as `subprocess.Popen` is one."""

    def __init__(self, told: socket.socket, arguments: Sequence[str]) -> None:
        self._told = told
        self._arguments = list(arguments)
        self.pid = _number(told, _LOADING_SECONDS)
        self.returncode: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        """The code that it ends with; negative, the signal that did. It has `timeout` seconds from here on."""
        if self.returncode is None:
            try:
                self.returncode = os.waitstatus_to_exitcode(_number(self._told, timeout))
            except TimeoutError:
                raise subprocess.TimeoutExpired(self._arguments, timeout or 0) from None
            self._told.close()
        return self.returncode

    def poll(self) -> int | None:
        """The same where it has ended."""
        with suppress(subprocess.TimeoutExpired):
            return self.wait(_AT_ONCE)
        return None

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Forks:
    """The process that commands are forked from. It is started when the first is asked for, and ends with this one."""

    def __init__(self) -> None:
        self._starting = threading.Lock()
        self._orders: socket.socket | None = None

    def run(
        self, arguments: Sequence[str], *, cwd: Path, env: Mapping[str, str], timeout: float
    ) -> subprocess.CompletedProcess[str]:
        """Run `frontdesk` with `arguments` to its end, as `subprocess.run` does."""
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            fork = self.start(arguments, cwd=cwd, env=env, out=out.fileno(), err=err.fileno())
            try:
                code = fork.wait(timeout)
            finally:
                fork.kill()
                fork.wait()
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess(list(arguments), code, out.read(), err.read())

    def start(self, arguments: Sequence[str], *, cwd: Path, env: Mapping[str, str], out: int, err: int) -> Fork:
        """Begin it. What it says goes to the open files `out` and `err`."""
        ours, theirs = socket.socketpair()
        order = json.dumps({"arguments": list(arguments), "cwd": str(cwd), "env": dict(env)}).encode()
        with theirs:
            socket.send_fds(self._started(), [order], [out, err, theirs.fileno()])
        return Fork(ours, arguments)

    def _started(self) -> socket.socket:
        with self._starting:
            if self._orders is None:
                self._orders = self._start()
            return self._orders

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-c", _PROGRAM, str(theirs.fileno())],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        atexit.register(_end, ours, process)
        return ours


def _end(orders: socket.socket, process: "subprocess.Popen[bytes]") -> None:
    orders.close()
    process.wait()


def _number(heard: socket.socket, within: float | None) -> int:
    heard.settimeout(within)
    said = heard.recv(_NUMBER.size, socket.MSG_WAITALL)
    number: int = _NUMBER.unpack(said)[0]
    return number


def serve(descriptor: int) -> None:
    """Fork for each order; return in the child that carries one out, and exit when nobody orders any more."""
    for lazy in (*frontdesk.lazy.values(), *tenants.lazy.values()):
        lazy.load()
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with socket.socket(fileno=descriptor) as orders:
        order, files = _next_to_do(orders)
    _become(order, files)
    runpy.run_module("frontdesk", run_name="__main__", alter_sys=True)


def _next_to_do(orders: socket.socket) -> tuple[dict[str, Any], list[int]]:
    while True:
        order, files, _, _ = socket.recv_fds(orders, _LONGEST_ORDER, 3)
        if not order:
            sys.exit()
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _watch_a_fork(files[2])
            signal.signal(signal.SIGINT, signal.default_int_handler)
            return json.loads(order), files
        for file in files:
            os.close(file)


def _watch_a_fork(told: int) -> None:
    """Return in the child; tell of its number and of its end otherwise."""
    pid = os.fork()
    if pid == 0:
        return
    os.write(told, _NUMBER.pack(pid))
    os.write(told, _NUMBER.pack(os.waitpid(pid, 0)[1]))
    os._exit(0)


def _become(order: dict[str, Any], files: list[int]) -> None:
    out, err, told = files
    os.dup2(out, sys.stdout.fileno())
    os.dup2(err, sys.stderr.fileno())
    for file in (out, err, told):
        os.close(file)
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["env"])
    time.tzset()
    sys.argv = ["frontdesk", *order["arguments"]]
