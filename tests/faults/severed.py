"""A line to Postgres that is cut while something is committed, before or after the server has done it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit, urlunsplit

COMMIT = b"COMMIT\0"
READY = b"Z\0\0\0\5I"


class Line:
    """`cut_before`: what has `mark` in it does not reach the server. `cut_after`: its answer does not reach the client.

    What is marked is a COMMIT, or a statement that is a transaction of its own.
    """

    def __init__(self, host: str | None, port: int | None) -> None:
        self._host = host
        self._port = port
        self._before: bytes | None = None
        self._after: bytes | None = None
        self.cuts = 0

    def cut_before(self, mark: bytes) -> None:
        self._before = mark

    def cut_after(self, mark: bytes) -> None:
        self._after = mark

    async def join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_connection(self._host, self._port)
        answers = asyncio.create_task(_pass_on(from_server, writer))
        try:
            while data := await reader.read(65536):
                mark = self._before or self._after
                if mark and mark in data:
                    await self._cut(data, from_server, to_server, writer, answers)
                    return
                to_server.write(data)
                await to_server.drain()
        except ConnectionError:
            return
        finally:
            answers.cancel()
            to_server.close()
            writer.close()

    async def _cut(
        self,
        data: bytes,
        from_server: asyncio.StreamReader,
        to_server: asyncio.StreamWriter,
        writer: asyncio.StreamWriter,
        answers: asyncio.Task[None],
    ) -> None:
        answers.cancel()
        await asyncio.wait({answers})
        if self._after:
            to_server.write(data)
            assert READY in await from_server.read(65536)
        self._before = self._after = None
        self.cuts += 1
        writer.transport.abort()


async def _pass_on(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    sink.close()


@asynccontextmanager
async def line_to(url: str) -> AsyncIterator[tuple[Line, str]]:
    """The line, and the address of its near end."""
    parts = urlsplit(url)
    line = Line(parts.hostname, parts.port)
    server = await asyncio.start_server(line.join, "127.0.0.1", 0)
    near = parts._replace(netloc=f"{parts.netloc.rpartition('@')[0]}@127.0.0.1:{server.sockets[0].getsockname()[1]}")
    try:
        yield line, urlunsplit(near)
    finally:
        server.close()
