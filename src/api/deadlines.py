"""HTTP/1.1 with deadlines: who dawdles, or sends a head without end, is cut off, and others are served meanwhile.

uvicorn lets a client take for ever over its head, its body, and reading the answer. The parser is httptools: quicker
than h11, and as strict about what proxies and servers read differently (two lengths, or one beside chunks).
"""

import asyncio
from datetime import UTC, datetime
from enum import Enum, auto

import msgspec
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from api.errors import PROBLEM_MEDIA_TYPE, Problem, problem_type
from domains.shared.clock import timestamp
from domains.shared.ids import new_id

_UNSOUND, _SLOW, _TOO_LARGE = 400, 408, 431
_DETAIL_OF = {
    _UNSOUND: "The request could not be read.",
    _SLOW: "The request came too slowly.",
    _TOO_LARGE: "The request line and headers are too large.",
}
_PAUSED_SECONDS = 1.0


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """In seconds and bytes. A body may take `body_seconds`, and one more for every `body_bytes_a_second` that came.

    `read_seconds` is for reading what is under way, `linger_seconds` for leaving after the answer. A head has at most
    `headers` headers, trailers among them.
    """

    head_seconds: float = 10.0
    body_seconds: float = 20.0
    body_bytes_a_second: int = 16_384
    read_seconds: float = 30.0
    linger_seconds: float = 5.0
    head_bytes: int = 32_768
    headers: int = 100


class HeadTooLarge(Exception):
    """Stops the parser."""


class Part(Enum):
    """What the client is about to send."""

    NOTHING = auto()
    HEAD = auto()
    BODY = auto()


_NOTHING, _HEAD, _BODY = Part


class DeadlineProtocol(HttpToolsProtocol):
    """One connection. Between requests uvicorn's keep-alive time-out rules; from the first byte on, these do."""

    patience = Patience()
    _part = _NOTHING
    _heads = 0
    _has_begun = False
    _head_bytes = 0
    _unfinished_bytes = 0
    _body_bytes = 0
    _body_began = 0.0
    _sending: asyncio.TimerHandle | None = None
    _reading: asyncio.TimerHandle | None = None
    _leaving: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn narrows it
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_deadlines()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._part is _NOTHING:
            self._expect_head()
        was_head, this_head = self._part is _HEAD, self._heads + (not self._has_begun)
        super().data_received(data)
        if was_head and self._has_begun and self._heads == this_head and not self.transport.is_closing():
            self._unfinished_bytes += len(data)
            if self._unfinished_bytes > self.patience.head_bytes:
                self._refuse(_TOO_LARGE)

    def handle_websocket_upgrade(self) -> None:
        self._forget_deadlines()
        super().handle_websocket_upgrade()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the words are uvicorn's, the answer is ours
        self._refuse(_TOO_LARGE if self._is_too_large() else _UNSOUND)

    def on_message_begin(self) -> None:
        self._heads += 1
        self._has_begun = True
        self._head_bytes = self._unfinished_bytes = 0
        if self._part is not _HEAD:
            self._expect_head()
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._count_head(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._count_head(len(name) + len(value))

    def on_headers_complete(self) -> None:
        self._has_begun = False
        self._part, self._body_bytes, self._body_began = _BODY, 0, self.loop.time()
        self._set_sending(self.patience.body_seconds)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._part = _NOTHING
        self._set_sending(None)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing():
            self._leave()
        elif self._part is _BODY:
            self._set_sending(self.patience.linger_seconds)

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._leave()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._reading = self.loop.call_later(self.patience.read_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._reading:
            self._reading.cancel()

    def _expect_head(self) -> None:
        self._part, self._unfinished_bytes = _HEAD, 0
        self._set_sending(self.patience.head_seconds)

    def _set_sending(self, seconds: float | None) -> None:
        if self._sending:
            self._sending.cancel()
        self._sending = None if seconds is None else self.loop.call_later(seconds, self._sent_too_slowly)

    def _sent_too_slowly(self) -> None:
        left = self._body_seconds_left() if self._part is _BODY and not self._is_answered() else 0.0
        if left > 0:
            self._set_sending(left)
        elif self._part is _HEAD and not self._heads:
            self.transport.close()
        else:
            self._refuse(_SLOW)

    def _body_seconds_left(self) -> float:
        """While we do not read, because the application has enough for now, the client is not to blame."""
        if self.flow.read_paused:
            self._body_began += _PAUSED_SECONDS
            return _PAUSED_SECONDS
        allowed = self.patience.body_seconds + self._body_bytes / self.patience.body_bytes_a_second
        return self._body_began + allowed - self.loop.time()

    def _count_head(self, size: int) -> None:
        self._head_bytes += size
        if self._is_too_large():
            raise HeadTooLarge

    def _is_too_large(self) -> bool:
        return self._head_bytes > self.patience.head_bytes or len(self.headers or ()) > self.patience.headers

    def _cycle(self) -> RequestResponseCycle | None:
        return self.cycle

    def _is_answered(self) -> bool:
        cycle = self._cycle()
        return cycle is not None and cycle.response_complete

    def _refuse(self, status: int) -> None:
        """Say why, unless another answer has begun, and hang up."""
        cycle = self._cycle()
        has_begun = cycle is not None and cycle.response_started
        if not has_begun or (self._part is not _BODY and self._is_answered()):
            self.transport.write(_answer(status))
        self.transport.close()
        self._leave()

    def _leave(self) -> None:
        """A client that does not read its answer to the end would keep a closed connection."""
        if self._leaving is None:
            self._leaving = self.loop.call_later(self.patience.linger_seconds, self.transport.abort)

    def _forget_deadlines(self) -> None:
        for deadline in (self._sending, self._reading, self._leaving):
            if deadline:
                deadline.cancel()


def _answer(status: int) -> bytes:
    request_id = str(new_id())
    problem = Problem(
        type=problem_type("validation_error"),
        title="The input is not valid",
        status=status,
        detail=_DETAIL_OF[status],
        instance="/",
        code="validation_error",
        request_id=request_id,
        timestamp=timestamp(datetime.now(UTC)),
        errors=[],
    )
    body = msgspec.json.encode(problem)
    headers = (
        f"content-type: {PROBLEM_MEDIA_TYPE}\r\ncontent-length: {len(body)}\r\nx-request-id: {request_id}\r\n"
        "cache-control: no-store\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n"
    )
    return STATUS_LINE[status] + headers.encode("ascii") + body
