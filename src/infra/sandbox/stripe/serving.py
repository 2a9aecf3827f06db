"""The stand-in's server: an ASGI application, and what delivers its webhooks, in one process."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from infra.sandbox.stripe.answering import Answer, Answering, Asked
from infra.sandbox.stripe.book import Book
from infra.sandbox.stripe.charging import request_id
from infra.sandbox.stripe.control import Control
from infra.sandbox.stripe.delivering import Delivering
from infra.sandbox.stripe.faults import Faults
from infra.sandbox.stripe.routing import Routing

Message = MutableMapping[str, Any]
_HOST = "127.0.0.1"
_MOST_BODY = 1_000_000
_SILENCE_SECONDS = 120.0
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Your bank</title>
<h1>Confirm the payment {intent}</h1>
<form method="post"><button name="succeeds" value="yes">Complete</button>
<button name="succeeds" value="no">Fail</button></form></html>"""


class StandIn:
    """The stand-in on one book. `app` is its ASGI application; `delivering` sends webhooks when it is run."""

    def __init__(self, book: Book, client: httpx.AsyncClient, *, address: str) -> None:
        faults = Faults(book)
        self.book = book
        self.routing = Routing(book, address=address)
        self.delivering = Delivering(book, faults, client)
        self.control = Control(book, faults, self.routing, self.delivering, address=address)
        self._answering = Answering(book, faults, self.routing, self.control)

    async def app(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        """Answer one request; nothing is answered where a fault swallows it."""
        if scope["type"] != "http":
            return
        body = await _body(receive)
        if body is None:
            return
        asked = Asked(
            method=scope["method"],
            path=scope["path"],
            query=scope["query_string"].decode("latin-1"),
            headers={name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]},
            body=body,
        )
        answer = self._page(asked) if asked.path.startswith("/_pages/") else self._answering.answer(asked)
        if answer is None:
            await asyncio.sleep(_SILENCE_SECONDS)
            answer = Answer(504, b"{}")
        await _send(send, answer)

    def open_account(self, *, secret_key: str, publishable_key: str, url: str, webhook_secret: str) -> None:
        """An account whose events go to `url`, and to no other."""
        account = self.book.open_account(secret_key=secret_key, publishable_key=publishable_key)
        self.book.ask("delete from endpoints where account = ?", account)
        self.routing.add_endpoint(account, url=url, secret=webhook_secret)

    def _page(self, asked: Asked) -> Answer:
        """What a bank shows to who pays: `/_pages/authenticate/{intent}`."""
        intent = asked.path.rpartition("/")[2]
        html = {"Content-Type": "text/html; charset=utf-8"}
        if asked.method == "POST":
            with self.book.change():
                self.control.authenticate(intent, succeeds=b"succeeds=no" not in asked.body)
            return Answer(200, b"<!doctype html><title>Done</title><p>You may go back.</p>", html)
        shown = "".join(each for each in intent if each.isalnum() or each == "_")
        return Answer(200, _PAGE.format(intent=shown).encode(), html)


async def serve(folder: Path, *, port: int, account: Mapping[str, str]) -> None:
    """Serve on this machine until SIGTERM or SIGINT. `account` is the platform's: keys, and where its events go."""
    async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
        book = Book(folder / "stripe.sqlite")
        stand_in = StandIn(book, client, address=f"http://{_HOST}:{port}")
        stand_in.open_account(**account)
        delivering = asyncio.create_task(stand_in.delivering.run())
        config = uvicorn.Config(
            stand_in.app, host=_HOST, port=port, log_level="warning", lifespan="off", interface="asgi3"
        )
        await uvicorn.Server(config).serve()
        delivering.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await delivering
        book.close()


async def _body(receive: Callable[[], Awaitable[Message]]) -> bytes | None:
    """None where the caller left before the end of it: nobody has asked for anything then."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += bytes(message.get("body", b""))
        if not message.get("more_body") or len(body) > _MOST_BODY:
            return body[:_MOST_BODY]


async def _send(send: Callable[[Message], Awaitable[None]], answer: Answer) -> None:
    given = {"Content-Type": "application/json", "Request-Id": request_id(), **answer.headers}
    headers = [(name.lower().encode(), value.encode()) for name, value in given.items()]
    headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
