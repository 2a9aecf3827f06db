"""What handlers answer, as JSON."""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from litestar import Response
from litestar.response.base import ASGIResponse
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT
from litestar.types import HTTPResponseBodyEvent, HTTPResponseStartEvent, Receive, Scope, Send

Shown = TypeVar("Shown")

_JSON = (b"content-type", b"application/json; charset=utf-8")


class Answer(Response[Shown]):
    """Litestar's own finds out of each answer what it could be, and takes six times as long. These are views."""

    def __init__(
        self, content: Shown, *, headers: Mapping[str, str] | None = None, status_code: int | None = None, **_: Any
    ) -> None:
        self.content = content
        self.headers = dict(headers or {})
        self.status_code = status_code

    def to_asgi_response(self, *_: Any, status_code: int | None = None, **__: Any) -> ASGIResponse:
        return _Encoded(self.status_code or status_code or HTTP_200_OK, self.headers, self.content)


class _Encoded(ASGIResponse):
    def __init__(self, status: int, headers: Mapping[str, str], content: object) -> None:
        self.status_code = status
        self.body = b"" if status == HTTP_204_NO_CONTENT else msgspec.json.encode(content)
        self._headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        if status != HTTP_204_NO_CONTENT:
            self._headers += [_JSON, (b"content-length", b"%d" % len(self.body))]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - as ASGI has it
        start: HTTPResponseStartEvent = {
            "type": "http.response.start",
            "status": self.status_code,
            "headers": self._headers,
        }
        body: HTTPResponseBodyEvent = {"type": "http.response.body", "body": self.body, "more_body": False}
        await send(start)
        await send(body)
