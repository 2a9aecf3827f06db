"""The process that sets papers: apart from the rest, with few rights, and not for longer than it may take."""

import asyncio
import struct
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from uuid import UUID

import msgspec

from domains.shared.errors import Unavailable
from infra.documents.orders import Compiled, Order

LENGTH = struct.Struct(">I")
_SECONDS = 15.0
_MOST_PAPERS = 500
_MOST_WAITING = 32
_MOST_OF_ONE = 8
_PROGRAM = ("-I", "-m", "infra.documents.compiling")


class Press:
    """One child process, started when the first paper is wanted and anew when it died, took too long or has set many.

    It has no environment, no network of its own, writes no file, and reads what is in its folder only.
    """

    def __init__(self, *, seconds: float = _SECONDS) -> None:
        self._seconds = seconds
        self._lock = asyncio.Lock()
        self._own_lines: dict[UUID | None, asyncio.Lock] = {}
        self._process: Process | None = None
        self._papers = 0
        self._waiting: Counter[UUID | None] = Counter()

    async def compiled(self, order: Order, *, of: UUID | None = None) -> list[bytes]:
        """The paper: one PDF, or a picture of each page. Raise `Unavailable` where it is not there in time.

        So it is where 32 others are waited for, or eight of the same tenant (`of`). The papers of one tenant stand in a
        line of their own, and the first of it in the line of all: who has many lets others in between.
        """
        if self._waiting.total() >= _MOST_WAITING or (of is not None and self._waiting[of] >= _MOST_OF_ONE):
            raise Unavailable("Too many documents are being set.")
        self._waiting[of] += 1
        try:
            async with self._own_lines.setdefault(of, asyncio.Lock()):
                return await self._in_turn(order)
        finally:
            self._waiting[of] -= 1
            if not self._waiting[of]:
                del self._waiting[of], self._own_lines[of]

    async def close(self) -> None:
        async with self._lock:
            await self._end()

    async def _in_turn(self, order: Order) -> list[bytes]:
        async with self._lock:
            try:
                async with asyncio.timeout(self._seconds):
                    found = await self._asked(msgspec.msgpack.encode(order))
            except (TimeoutError, OSError, asyncio.IncompleteReadError):
                await self._end()
                raise Unavailable("The document could not be set in time.") from None
            except asyncio.CancelledError:
                await self._end()
                raise
        if found.fault:
            raise Unavailable("The document cannot be set.")
        return found.pages

    async def _asked(self, question: bytes) -> Compiled:
        process = await self._ready()
        if process.stdin is None or process.stdout is None:
            raise OSError("It has no pipes.")
        process.stdin.write(LENGTH.pack(len(question)) + question)
        await process.stdin.drain()
        (length,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
        self._papers += 1
        return msgspec.msgpack.decode(await process.stdout.readexactly(length), type=Compiled)

    async def _ready(self) -> Process:
        if self._process is not None and (self._papers >= _MOST_PAPERS or self._process.returncode is not None):
            await self._end()
        if self._process is None:
            self._papers = 0
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, *_PROGRAM, stdin=PIPE, stdout=PIPE, env={}, cwd="/"
            )
        return self._process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()
