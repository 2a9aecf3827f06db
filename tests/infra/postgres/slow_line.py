"""A line to Postgres that can be slow, held up or cut, as networks do."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit


class Line:
    """Bytes from the server wait while the line is held; `cut` ends what is open, `close` lets nobody else in.

    `delays` tells for how many seconds what is sent either way is under way.
    """

    def __init__(self, delays: Callable[[], float] | None) -> None:
        self._delays = delays
        self.flows = asyncio.Event()
        self.flows.set()
        self.held_back = asyncio.Event()
        self._writers: list[asyncio.StreamWriter] = []
        self._is_closed = False

    def close(self) -> None:
        self._is_closed = True

    def hold(self) -> None:
        self.flows.clear()
        self.held_back.clear()

    def release(self) -> None:
        self.flows.set()

    def cut(self) -> None:
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def join(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str | None, port: int | None
    ) -> None:
        if self._is_closed:
            writer.close()
            return
        there, to_server = await asyncio.open_connection(host, port)
        self._writers += [writer, to_server]
        await asyncio.gather(self._pass_on(reader, to_server, held=False), self._pass_on(there, writer, held=True))

    async def _pass_on(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, held: bool) -> None:
        try:
            while data := await source.read(65536):
                if self._delays:
                    await asyncio.sleep(self._delays())
                if held and not self.flows.is_set():
                    self.held_back.set()
                    await self.flows.wait()
                sink.write(data)
                await sink.drain()
        except ConnectionError:
            return
        finally:
            sink.close()


@asynccontextmanager
async def line_to(url: str, delays: Callable[[], float] | None = None) -> AsyncIterator[tuple[Line, str]]:
    """The line, and the address of its near end."""
    line, parts = Line(delays), urlsplit(url)
    server = await asyncio.start_server(lambda r, w: line.join(r, w, parts.hostname, parts.port), "127.0.0.1", 0)
    near = parts._replace(netloc=f"{parts.netloc.rpartition('@')[0]}@127.0.0.1:{server.sockets[0].getsockname()[1]}")
    try:
        yield line, urlunsplit(near)
    finally:
        line.release()
        line.cut()
        server.close()
