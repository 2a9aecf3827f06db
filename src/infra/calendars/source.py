"""Calendars over HTTP: fetched from public addresses, and read in a process of their own."""

import asyncio
import os
import ssl
import sys
from contextlib import suppress
from datetime import UTC, datetime

import httpcore
import msgspec

from domains.appointments import Span
from domains.appointments.imported_calendars import Found, NotRead, ReadFailure, Wanted
from infra.calendars.exit_codes import NOT_A_CALENDAR
from infra.inner_networks import NotAllowed
from infra.outer_http import Answer, OuterHttp, TooLarge

_MOST_BYTES = 5_000_000
_FETCH_SECONDS = 20.0
_READ_SECONDS = 20.0
_AT_ONCE = 2
_LONGEST_VALIDATOR = 300
_OK, _NOT_MODIFIED = 200, 304


class HttpCalendars:
    """The `CalendarSource`: 5 MB and 20 seconds at most, and then so many seconds of a processor to read it."""

    def __init__(self, http: OuterHttp, *, cpu_seconds: int = 10) -> None:
        self._http = http
        self._cpu_seconds = cpu_seconds
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def read(self, wanted: Wanted) -> Found | None:
        answer = await self._answer(wanted)
        if answer.status == _NOT_MODIFIED and (wanted.etag or wanted.modified):
            return None
        if answer.status != _OK:
            raise NotRead(ReadFailure.REFUSED)
        async with self._places:
            busy = await self._busy(answer.body, wanted)
        return Found(busy, _validator(answer, "etag"), _validator(answer, "last-modified"))

    async def _answer(self, wanted: Wanted) -> Answer:
        given = {"If-None-Match": wanted.etag, "If-Modified-Since": wanted.modified}
        headers = {name: value for name, value in given.items() if value}
        try:
            return await self._http.get(wanted.url, headers, most=_MOST_BYTES, seconds=_FETCH_SECONDS)
        except NotAllowed:
            why = ReadFailure.ADDRESS_NOT_ALLOWED
        except TooLarge:
            why = ReadFailure.TOO_LARGE
        except (TimeoutError, httpcore.TimeoutException):
            why = ReadFailure.NO_ANSWER
        except (
            OSError,
            ValueError,
            httpcore.NetworkError,
            httpcore.ProtocolError,
            httpcore.UnsupportedProtocol,
        ) as error:
            around = (error, error.__cause__, error.__context__)
            is_tls = any(isinstance(each, ssl.SSLError) for each in around)
            why = ReadFailure.TLS_FAILED if is_tls else ReadFailure.UNREACHABLE
        raise NotRead(why)

    async def _busy(self, document: bytes, wanted: Wanted) -> tuple[Span, ...]:
        """Raises `NotRead`."""
        bounds = (wanted.during.start.isoformat(), wanted.during.end.isoformat())
        reading = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "infra.calendars.reading", str(self._cpu_seconds), wanted.zone, *bounds,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            env={"PYTHONPATH": os.pathsep.join(each for each in sys.path if each)},
        )  # fmt: skip
        try:
            async with asyncio.timeout(_READ_SECONDS):
                found, _ = await reading.communicate(document)
        except TimeoutError:
            raise NotRead(ReadFailure.TOO_COMPLEX) from None
        finally:
            if reading.returncode is None:
                with suppress(ProcessLookupError):
                    reading.kill()
                await reading.wait()
        if reading.returncode:
            is_none = reading.returncode == NOT_A_CALENDAR
            raise NotRead(ReadFailure.NOT_A_CALENDAR if is_none else ReadFailure.TOO_COMPLEX)
        pairs = msgspec.json.decode(found, type=list[tuple[int, int]])
        return tuple(Span(datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC)) for start, end in pairs)


def _validator(answer: Answer, name: str) -> str | None:
    """To be sent back as it came."""
    value = answer.headers.get(name)
    return value if value and len(value) <= _LONGEST_VALIDATOR and value.isascii() and value.isprintable() else None
