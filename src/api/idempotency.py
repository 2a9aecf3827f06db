"""`Idempotency-Key`: a POST that is sent again takes effect once, and gets the first answer."""

import hashlib
import re
from collections.abc import Awaitable, Sequence
from typing import Any, cast

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from api.access_log import ACTOR_KEY
from api.body import Incoming
from api.layers import Layer
from domains.shared.actor import Actor
from domains.shared.errors import ValidationFailed
from domains.shared.idempotency import RepeatableRequest

HEADER = b"idempotency-key"
_KEY = "repeatable_request"
_FORM = re.compile(rb"[\x21-\x7e]{1,255}")


def is_repeatable(scope: Scope) -> bool:
    """Whether a key counts: for POSTs, less those whose answer is secret and must not be stored (`repeatable`).

    Those without a credential say that they are.
    """
    options = scope["route_handler"].opt
    return cast("HTTPScope", scope)["method"] == "POST" and bool(options.get("repeatable", not options.get("public")))


def repeatable_request_of(scope: Scope) -> RepeatableRequest | None:
    """The request as one that may come again; None where it bears no key."""
    found = scope["state"].get(_KEY)
    return found if isinstance(found, RepeatableRequest) else None


class Idempotency(Layer):
    """Reads the key of POSTs, and says `Idempotency-Replayed: true` where the answer is the first's."""

    scopes = (ScopeType.HTTP,)

    def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> Awaitable[None]:
        keys = [value for name, value in scope["headers"] if name == HEADER]
        if keys and is_repeatable(scope):
            return self._once(keys, scope, receive, send, next_app)
        return next_app(scope, receive, send)

    async def _once(self, keys: Sequence[bytes], scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        if len(keys) > 1 or not _FORM.fullmatch(keys[0]):
            raise ValidationFailed.of("Idempotency-Key", "invalid_format", "Expected 1 to 255 visible characters.")
        repeatable = _repeatable(scope, keys[0].decode("ascii"))
        fingerprint = _fingerprint(scope)
        if scope["route_handler"].opt.get("streamed"):
            receive = _taking_note(receive, repeatable, fingerprint)
        else:
            fingerprint.update(await Incoming(scope, receive, send).body())
            repeatable.fingerprint = fingerprint.digest()
        scope["state"][_KEY] = repeatable

        async def send_with_word(message: Message) -> None:
            if message["type"] == "http.response.start" and repeatable.was_replayed:
                MutableScopeHeaders.from_message(message)["Idempotency-Replayed"] = "true"
            await send(message)

        await next_app(scope, receive, send_with_word)


def _repeatable(scope: Scope, key: str) -> RepeatableRequest:
    actor, operation = scope["state"].get(ACTOR_KEY), f"POST {scope['path_template']}"
    if isinstance(actor, Actor):
        return RepeatableRequest(actor.session if actor.is_key else actor.user, operation, key, b"")
    address = hashlib.blake2b(scope["raw_path"], digest_size=16).hexdigest()
    return RepeatableRequest(None, f"{operation} {address}", key, b"")


def _fingerprint(scope: Scope) -> "hashlib._Hash":
    """Of all but the body, which follows."""
    address = scope["raw_path"] + b"?" + scope["query_string"]
    return hashlib.sha256(b"POST " + address + b"\0")


def _taking_note(receive: Receive, repeatable: RepeatableRequest, fingerprint: "hashlib._Hash") -> Receive:
    """A large body is not waited for: its fingerprint is whole when the handler has read it to the end."""

    async def receive_and_note() -> Any:
        message = await receive()
        if message["type"] == "http.request":
            fingerprint.update(message.get("body", b""))
            repeatable.fingerprint = fingerprint.digest()
        return message

    return receive_and_note
