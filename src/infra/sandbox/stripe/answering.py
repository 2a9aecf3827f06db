"""One HTTP request to the stand-in: whose it is, whether it was asked before, and what it came to."""

import json
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from typing import Any

import msgspec

from infra.sandbox.stripe.book import Book
from infra.sandbox.stripe.charging import request_id
from infra.sandbox.stripe.control import Control
from infra.sandbox.stripe.faults import Faults
from infra.sandbox.stripe.forms import form
from infra.sandbox.stripe.refusals import StripeRefusal, broken, no_key, too_many
from infra.sandbox.stripe.routing import Request, Routing

_OK = 200
_MOST_KEY = 255


class Asked(msgspec.Struct, frozen=True):
    """A request as it came."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


class Answer(msgspec.Struct, frozen=True):
    """`body` is JSON, or a page. None in place of an answer: the caller waits in vain."""

    status: int
    body: bytes
    headers: Mapping[str, str] = {}


class Answering:
    """All of it is done in one change of the books, its answer's copy for the idempotency key included."""

    def __init__(self, book: Book, faults: Faults, routing: Routing, control: Control) -> None:
        self._book = book
        self._faults = faults
        self._routing = routing
        self._control = control

    def answer(self, asked: Asked) -> Answer | None:
        """None where a fault swallows the answer."""
        try:
            if asked.path.startswith("/_control/"):
                return self._controlled(asked)
            fault = self._faults.of_request(asked.path)
            if fault == "lost":
                return None
            answer = self._of_the_api(asked, fault)
        except StripeRefusal as refusal:
            return _shown(refusal.status, {"error": refusal.error})
        return None if fault == "timeout" else answer

    def _controlled(self, asked: Asked) -> Answer:
        order = json.loads(asked.body or b"{}")
        with self._book.change():
            done = self._control.do(asked.path.removeprefix("/_control/"), order)
        return _shown(_OK, done)

    def _of_the_api(self, asked: Asked, fault: str | None) -> Answer:
        request = self._understood(asked)
        if fault == "rate_limit":
            raise too_many()
        key = asked.headers.get("idempotency-key")
        if key is None or asked.method != "POST":
            return self._done(request, fault, key=None)
        if known := self._known(request, key[:_MOST_KEY]):
            return known
        return self._done(request, fault, key=key[:_MOST_KEY])

    def _done(self, request: Request, fault: str | None, *, key: str | None) -> Answer:
        """A refusal's own changes stay, such as the charge that was declined."""
        with self._book.change():
            try:
                if fault == "error":
                    raise broken()
                answer = _shown(_OK, self._routing.answer(request))
            except StripeRefusal as refusal:
                if not refusal.is_kept:
                    raise
                answer = _shown(refusal.status, {"error": refusal.error})
            if key is not None:
                statement = "insert into answers (account, key, asked, status, body) values (?, ?, ?, ?, ?)"
                text = answer.body.decode()
                self._book.ask(statement, request.account, key, _fingerprint(request), answer.status, text)
        return answer

    def _known(self, request: Request, key: str) -> Answer | None:
        statement = "select asked, status, body from answers where account = ? and key = ?"
        rows = self._book.ask(statement, request.account, key)
        if not rows:
            return None
        if rows[0]["asked"] != _fingerprint(request):
            message = (
                "Keys for idempotent requests can only be used with the same parameters they were first used with."
                f" Try using a key other than '{key}' if you meant to execute a different request."
            )
            raise StripeRefusal(400, "idempotency_error", message)
        replayed = {"Idempotent-Replayed": "true", "Original-Request": request_id()}
        return Answer(rows[0]["status"], rows[0]["body"].encode(), replayed)

    def _understood(self, asked: Asked) -> Request:
        found = self._book.account_of(_key(asked.headers.get("authorization", "")))
        if found is None:
            raise no_key()
        given = form(asked.query if asked.method == "GET" else asked.body.decode(errors="replace"))
        given.pop("expand", None)
        return Request(found[0], asked.method, asked.path, given, in_public=not found[1])


def _key(authorization: str) -> str:
    scheme, _, rest = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip()
    try:
        return b64decode(rest).decode().partition(":")[0]
    except (NotBase64, UnicodeDecodeError):
        return ""


def _fingerprint(request: Request) -> str:
    return json.dumps([request.method, request.path, request.asked], sort_keys=True)


def _shown(status: int, body: Any) -> Answer:
    return Answer(status, json.dumps(body, indent=2).encode())
