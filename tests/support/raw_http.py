"""HTTP by hand, over sockets: for clients that no library would be."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import uvicorn

from api.deadlines import DeadlineProtocol

ENOUGH = 20.0


class RawAnswer(msgspec.Struct, frozen=True):
    """All that came until the server hung up, and whether it did in time."""

    text: bytes
    is_closed: bool

    @property
    def status(self) -> int | None:
        return int(self.text.split()[1]) if self.text.startswith(b"HTTP/") else None


class RawClient:
    """One connection to this machine."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def connect(cls, port: int, *, receive_buffer: int | None = None) -> "RawClient":
        connection = socket.socket()
        if receive_buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        connection.setblocking(False)
        await asyncio.get_running_loop().sock_connect(connection, ("127.0.0.1", port))
        return cls(*await asyncio.open_connection(sock=connection, limit=4096))

    async def send(self, *parts: bytes) -> None:
        """What the server no longer takes is dropped."""
        try:
            for part in parts:
                self._writer.write(part)
                await self._writer.drain()
        except ConnectionError:
            return

    async def drip(self, part: bytes, *, every: float) -> None:
        """Send `part` again and again, until the server hangs up."""
        for _ in range(int(ENOUGH / every)):
            if self._reader.at_eof() or self._writer.is_closing():
                return
            await self.send(part)
            await asyncio.sleep(every)

    async def some(self) -> bytes:
        return await asyncio.wait_for(self._reader.read(65536), ENOUGH)

    async def rest(self) -> RawAnswer:
        """Read until the server hangs up."""
        text = bytearray()
        try:
            async with asyncio.timeout(ENOUGH):
                while part := await self._reader.read(65536):
                    text += part
        except TimeoutError:
            return RawAnswer(bytes(text), is_closed=False)
        except ConnectionError:
            return RawAnswer(bytes(text), is_closed=True)
        return RawAnswer(bytes(text), is_closed=True)

    def close(self) -> None:
        self._writer.close()


@asynccontextmanager
async def raw_client(port: int, **options: Any) -> AsyncIterator[RawClient]:
    client = await RawClient.connect(port, **options)
    try:
        yield client
    finally:
        client.close()


@asynccontextmanager
async def serving(app: Any, protocol: type[DeadlineProtocol], **options: Any) -> AsyncIterator[int]:
    """Serve on a free port of this machine until left."""
    config = uvicorn.Config(
        app, http=protocol, ws="none", lifespan="off", log_config=None, access_log=False, proxy_headers=False, **options
    )
    server = uvicorn.Server(config)
    listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
    serve = asyncio.create_task(server.serve([listening]))
    try:
        yield int(listening.getsockname()[1])
    finally:
        server.should_exit = server.force_exit = True
        await serve
