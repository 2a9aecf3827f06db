"""The HTTP server, and how it takes its leave.

Told to stop (SIGTERM, SIGINT) it first says so: readiness is 503, and every answer closes its connection. It goes on
answering for `drain` seconds, in which a load balancer learns of it; then it takes no new connections, answers those it
has, and ends with code 0. Told twice, it does not wait for any of that.
"""

import asyncio
import os
import socket
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import FrameType
from typing import Any

import uvicorn

_TICK = 0.05
_LAST_REQUESTS_SECONDS = 1.0
_FIRST_PASSED = 3


class Server(uvicorn.Server):
    """Calls `leave` when it is told to stop, and `end` when it does: event streams would go on for ever."""

    def __init__(
        self,
        config: uvicorn.Config,
        *,
        leave: Callable[[], Awaitable[None]],
        end: Callable[[], Awaitable[None]],
        drain: float,
    ) -> None:
        super().__init__(config)
        self._leave = leave
        self._end = end
        self._drain = drain
        self._own: socket.socket | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - uvicorn's own form
        """Unlike uvicorn's, end with code 0, and heed a second SIGTERM as well as a second Ctrl-C."""
        self.force_exit = self.should_exit
        self.should_exit = True

    async def main_loop(self) -> None:
        await super().main_loop()
        await self._leave()
        closing = (b"connection", b"close")
        self.server_state.default_headers = [*self.server_state.default_headers, closing]
        await self._wait(self._drain, until=lambda: False)

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve on `sockets`, which others may share, else on one of its own."""
        if sockets is None:
            self._own = self.config.bind_socket()
        await super().serve([self._own] if self._own else sockets)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Who was let in last may not have said yet what they want: they get a moment for it."""
        await self._end()
        queue = self._own.dup() if self._own else None
        for server in self.servers:
            server.close()
        if queue:
            await self._let_in(queue)
        await self._wait(_LAST_REQUESTS_SECONDS, until=lambda: not self.server_state.connections)
        await super().shutdown(sockets)

    async def _let_in(self, queue: socket.socket) -> None:
        """Take those whom the kernel has connected already: closing the queue would cut them off."""
        waiting = []
        queue.setblocking(False)
        with queue, suppress(BlockingIOError):
            while True:
                waiting.append(queue.accept()[0])
        for one in waiting:
            one.setblocking(False)
            await asyncio.get_running_loop().connect_accepted_socket(self._protocol, one)

    def _protocol(self) -> asyncio.Protocol:
        kind: Any = self.config.http_protocol_class
        protocol: asyncio.Protocol = kind(
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return protocol

    async def _wait(self, seconds: float, *, until: Callable[[], bool]) -> None:
        deadline = time.monotonic() + seconds
        while not self.force_exit and not until() and time.monotonic() < deadline:  # noqa: ASYNC110 - as uvicorn itself looks
            await asyncio.sleep(_TICK)


def passed_sockets() -> list[socket.socket] | None:
    """The listening sockets that whoever started this process opened for it (systemd's `LISTEN_FDS`), if any.

    They outlive the process: what connects while no process runs, or while another takes over, waits in their queue.
    """
    if os.environ.get("LISTEN_PID") != str(os.getpid()):
        return None
    count = int(os.environ.get("LISTEN_FDS", "0"))
    return [socket.socket(fileno=number) for number in range(_FIRST_PASSED, _FIRST_PASSED + count)] or None
