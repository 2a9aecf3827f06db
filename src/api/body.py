"""JSON bodies, taken strictly: `"1"` is not a number, and what is not known is refused."""

from collections.abc import Awaitable, Iterator
from typing import Any, ClassVar

import msgspec
from litestar import Request
from litestar.dto import AbstractDTO
from litestar.dto._backend import DTOBackend
from litestar.enums import RequestEncodingType, ScopeType
from litestar.exceptions import ClientException, ImproperlyConfiguredException
from litestar.handlers import BaseRouteHandler
from litestar.params import BodyKwarg
from litestar.types import ASGIApp, Receive, Scope, Send
from litestar.typing import FieldDefinition

from api.json_text import read_json
from api.layers import Layer
from api.media_types import JSON, UnsupportedBody
from domains.shared.errors import WHOLE, ValidationFailed
from domains.shared.explain import explain

_DECODER = "decoder"


class StrictBody(AbstractDTO[Any]):
    """Decodes `data` for every handler of the application, in place of Litestar's lenient conversion."""

    decoders: ClassVar[dict[str, msgspec.json.Decoder[Any]]] = {}

    @classmethod
    def create_for_field_definition(
        cls,
        field_definition: FieldDefinition,
        handler_id: str,
        backend_cls: type[DTOBackend] | None = None,  # noqa: ARG003 - Litestar's signature; this needs no backend
    ) -> None:
        if field_definition.name == "data" and _is_json(field_definition):
            if lenient := lenient_structs(field_definition.raw):
                raise ImproperlyConfiguredException(f"These would ignore unknown fields: {lenient}")
            cls.decoders[handler_id] = msgspec.json.Decoder(field_definition.raw, strict=True)

    def decode_bytes(self, value: bytes) -> Any:
        """Raise `ValidationFailed` with every bad field, or give the value."""
        decoder = _decoder_of(self.asgi_connection.route_handler)
        if decoder is None:
            raise TypeError("A handler without a body has no decoder.")
        try:
            decoded = decoder.decode(value)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise _all_faults(decoder.type, value) from None
        read_json(value)
        return decoded

    def decode_builtins(self, value: dict[str, Any]) -> Any:  # noqa: ARG002 - the form that Litestar calls
        raise TypeError("A handler that takes a form sets dto=None.")


def lenient_structs(expected: Any) -> list[str]:
    """The structs within `expected` that ignore unknown fields."""
    return sorted(
        {found.cls.__name__ for found in _structs(msgspec.inspect.type_info(expected), set()) if _lets_pass(found)}
    )


class Incoming(Request[Any, Any, Any]):
    """A request whose length is read where it stands: Litestar's own parses all headers for it."""

    @property
    def content_length(self) -> int | None:
        given = next((value for name, value in self.scope["headers"] if name == b"content-length"), None)
        try:
            return None if given is None else int(given)
        except ValueError:
            raise ClientException("Invalid content-length") from None


class SoundBody(Layer):
    """Where a body is expected, it is there, else 400, and is said to be plain UTF-8 JSON, else 415."""

    scopes = (ScopeType.HTTP,)

    def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> Awaitable[None]:
        is_expected = _decoder_of(scope["route_handler"]) is not None
        return self._look(scope, receive, send, next_app) if is_expected else next_app(scope, receive, send)

    async def _look(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        if not await Incoming(scope, receive, send).body():
            raise ValidationFailed.of(WHOLE, "required", "A JSON body is expected: there is none.")
        kinds = [value for name, value in scope["headers"] if name == b"content-type"]
        is_packed = any(name == b"content-encoding" for name, _ in scope["headers"])
        if is_packed or len(kinds) != 1 or not _says_json(kinds[0].decode("latin-1")):
            raise UnsupportedBody(f"{JSON} in UTF-8")
        await next_app(scope, receive, send)


def _decoder_of(handler: BaseRouteHandler) -> msgspec.json.Decoder[Any] | None:
    """Remembered with the handler, since it puts its id together anew each time it is asked."""
    if _DECODER not in handler.opt:
        handler.opt[_DECODER] = StrictBody.decoders.get(handler.handler_id)
    decoder: msgspec.json.Decoder[Any] | None = handler.opt[_DECODER]
    return decoder


def _lets_pass(found: msgspec.inspect.StructType) -> bool:
    return not found.cls.__struct_config__.forbid_unknown_fields


def _structs(node: Any, seen: set[type]) -> Iterator[msgspec.inspect.StructType]:
    if isinstance(node, msgspec.inspect.StructType):
        if node.cls in seen:
            return
        seen.add(node.cls)
        yield node
    parts = node if isinstance(node, tuple) else getattr(node, "__struct_fields__", ())
    for part in parts:
        inner = part if isinstance(node, tuple) else getattr(node, part)
        if isinstance(inner, msgspec.inspect.Type | msgspec.inspect.Field | tuple):
            yield from _structs(inner, seen)


def _is_json(field: FieldDefinition) -> bool:
    kwarg = field.kwarg_definition
    return not isinstance(kwarg, BodyKwarg) or kwarg.media_type == RequestEncodingType.JSON


def _says_json(content_type: str) -> bool:
    kind, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charsets = [part.removeprefix("charset=").strip('"') for part in parameters if part.startswith("charset=")]
    return kind == "application/json" and all(charset == "utf-8" for charset in charsets)


def _all_faults(expected: Any, raw: bytes) -> ValidationFailed:
    try:
        value = read_json(raw)
    except ValidationFailed as refusal:
        return refusal
    faults = explain(expected, value)
    return ValidationFailed.all_of(faults) if faults else ValidationFailed.of(WHOLE, "invalid", "Not valid.")
