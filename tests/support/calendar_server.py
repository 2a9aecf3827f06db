"""A server on this machine that has one document, or answers as it is told."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import msgspec

from tests.support.house import House


class CalendarServer(msgspec.Struct):
    """`asked` are the requests that came, whole. They are answered once `held_back` is set, if there is one."""

    port: int = 0
    document: bytes = b""
    status: str = "200 OK"
    headers: dict[str, str] = {}
    asked: list[str] = []
    held_back: asyncio.Event | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/private-kTc0vSb2/basic.ics"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.asked.append(request)
        if self.held_back:
            await self.held_back.wait()
        etag = self.headers.get("ETag")
        is_known = etag is not None and f"if-none-match: {etag}" in request.lower().replace(etag.lower(), etag)
        body = b"" if is_known else self.document
        lines = [f"HTTP/1.1 {'304 Not Modified' if is_known else self.status}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        writer.write("\r\n".join([*lines, "Connection: close", "", ""]).encode() + body)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def calendar_server(document: bytes = b"", **fields: Any) -> AsyncIterator[CalendarServer]:
    served = CalendarServer(document=document, **fields)
    server = await asyncio.start_server(served.answer, "127.0.0.1", 0)
    served.port = server.sockets[0].getsockname()[1]
    async with server:
        yield served


def calendar_of(*components: Sequence[str]) -> bytes:
    """A document of these components, each given by its lines."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//tests//EN", *(line for each in components for line in each)]
    return "".join(f"{line}\r\n" for line in [*lines, "END:VCALENDAR"]).encode()


def event(*lines: str, uid: str = "one") -> list[str]:
    return ["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT"]


def busy_from(start: datetime, end: datetime, **kwargs: Any) -> list[str]:
    """An event with these times, and with words that nobody here is to learn."""
    times = (f"DTSTART:{start:%Y%m%dT%H%M%SZ}", f"DTEND:{end:%Y%m%dT%H%M%SZ}")
    return event(*times, "SUMMARY:Dentist, the secret one", **kwargs)


async def imported(house: House, token: str, user: str, url: str) -> dict[str, Any]:
    """Import it, have it read, and give what is shown of it."""
    async with house.client(token) as client:
        made = await client.post(f"/staff/{user}/calendars", json={"url": url})
        assert made.status_code == 201, made.text
        await house.follow_up()
        return dict((await client.get(f"/staff/calendars/{made.json()['id']}")).json())
