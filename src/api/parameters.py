"""Parameters in the query, the path and headers, taken strictly: all are checked before a handler is reached."""

import re
from collections.abc import Awaitable, Iterator
from functools import cached_property
from typing import Annotated, Any, Literal, Self, get_args, get_origin
from urllib.parse import parse_qsl, unquote_to_bytes
from uuid import UUID

import msgspec
from litestar.enums import ParamType, ScopeType
from litestar.handlers import BaseRouteHandler
from litestar.params import ParameterKwarg, PathParameter, QueryParameter
from litestar.types import ASGIApp, Receive, Scope, Send

from api.layers import Layer
from domains.identity import LinkToken
from domains.shared.complaints import alternatives, complaint, without_annotation
from domains.shared.errors import FieldError, NotFound, ValidationFailed

Id = Annotated[UUID, PathParameter()]
Limit = Annotated[int, msgspec.Meta(ge=1, le=100), QueryParameter()]
IncludeTotal = Annotated[bool, QueryParameter(name="includeTotal")]
CursorText = Annotated[Annotated[str, msgspec.Meta(min_length=1, max_length=2000)] | None, QueryParameter()]
LinkInPath = Annotated[LinkToken, PathParameter()]
OfCustomer = Annotated[UUID | None, QueryParameter(name="customerId")]
ByCreation = Annotated[Literal["createdAt", "-createdAt"], QueryParameter()]
SearchText = Annotated[Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | None, QueryParameter()]

_MAX_PARAMETERS = 100
_SPELLINGS = {
    int: (re.compile(r"-?(0|[1-9][0-9]{0,17})"), "a whole number"),
    bool: (re.compile(r"true|false"), "true or false"),
}


class DeclaredParameter(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A parameter of a handler: its name on the wire and in Python, where it stands, and what it must be."""

    name: str
    variable: str
    place: ParamType
    expected: Any
    default: Any
    required: bool

    @cached_property
    def is_list(self) -> bool:
        return any(get_origin(without_annotation(each)) is list for each in alternatives(self.expected))

    @cached_property
    def is_converted(self) -> bool:
        """Whether its text becomes something else; then msgspec would take the word null for no value."""
        return not self.is_list and str not in map(without_annotation, alternatives(self.expected))

    @cached_property
    def spellings(self) -> list[tuple[re.Pattern[str], str]]:
        """How its text must look, and how that is called."""
        return [_SPELLINGS[kind] for kind in map(without_annotation, alternatives(self.expected)) if kind in _SPELLINGS]


def declared_parameters(handler: BaseRouteHandler) -> list[DeclaredParameter]:
    """What a handler declares by `FromQuery`, `FromPath`, `FromHeader`, or one of the types above."""
    return [
        DeclaredParameter(
            name=field.kwarg_definition.name or field.name,
            variable=field.name,
            place=field.kwarg_definition.param_type,
            expected=_without_marks(field.raw),
            default=field.default if field.has_default else None,
            required=not field.has_default,
        )
        for field in handler.parsed_fn_signature.parameters.values()
        if isinstance(field.kwarg_definition, ParameterKwarg)
    ]


class SoundParameters(Layer):
    """Refuses what a handler has not declared, what is given twice, and what is not of the declared type.

    All faults of a request come in one `ValidationFailed`. An id in the path that is none is `NotFound`, as is one
    that nobody has: the parameter `customer_id` names the kind, "customer".
    """

    scopes = (ScopeType.HTTP,)

    def __init__(self) -> None:
        self._declared: dict[BaseRouteHandler, _Declared] = {}

    def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> Awaitable[None]:
        handler = scope["route_handler"]
        declared = self._declared.get(handler)
        if declared is None:
            declared = self._declared[handler] = _Declared.by(handler)
        _refuse_bad_path(scope)
        _check_ids(scope, declared.in_path)
        if faults := [*_header_faults(scope, declared.headers), *_query_faults(scope["query_string"], declared.query)]:
            raise ValidationFailed.all_of(faults)
        return next_app(scope, receive, send)


class _Declared(msgspec.Struct, frozen=True):
    """A handler's parameters, by their place."""

    in_path: list[DeclaredParameter]
    headers: list[DeclaredParameter]
    query: dict[str, DeclaredParameter]

    @classmethod
    def by(cls, handler: BaseRouteHandler) -> Self:
        declared = declared_parameters(handler)
        in_path, headers, query = (
            [each for each in declared if each.place is place]
            for place in (ParamType.PATH, ParamType.HEADER, ParamType.QUERY)
        )
        return cls(in_path, headers, {each.name: each for each in query})


def _refuse_bad_path(scope: Scope) -> None:
    raw = scope.get("raw_path") or b""
    if b"%" in raw and (fault := _bad_bytes(raw)):
        raise ValidationFailed.of("path", *fault)


def _check_ids(scope: Scope, declared: list[DeclaredParameter]) -> None:
    for parameter in declared:
        if _fault(parameter, scope["path_params"][parameter.variable]):
            raise NotFound.one(parameter.variable.removesuffix("_id").replace("_", " "))


def _header_faults(scope: Scope, declared: list[DeclaredParameter]) -> Iterator[FieldError]:
    for parameter in declared:
        wanted = parameter.name.lower().encode("ascii")
        values = [value.decode("latin-1") for name, value in scope["headers"] if name == wanted]
        yield from _faults(parameter, values)
        if parameter.required and not values:
            yield FieldError(parameter.name, "required", "This header is required.")


def _query_faults(query: bytes, known: dict[str, DeclaredParameter]) -> Iterator[FieldError]:
    if query and (fault := _bad_bytes(query.replace(b"+", b" "))):
        yield FieldError("query", *fault)
        return
    if query.count(b"&") >= _MAX_PARAMETERS:
        yield FieldError("query", "too_many", f"At most {_MAX_PARAMETERS} parameters can be given.")
        return
    given: dict[str, list[str]] = {}
    for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True) if query else ():
        given.setdefault(name, []).append(value)
    for name, values in given.items():
        if name in known:
            yield from _faults(known[name], values)
        else:
            yield FieldError(name, "unknown_parameter", "There is no such parameter here.")
    for name, parameter in known.items():
        if parameter.required and name not in given:
            yield FieldError(name, "required", "This parameter is required.")


def _faults(parameter: DeclaredParameter, values: list[str]) -> Iterator[FieldError]:
    if len(values) > 1 and not parameter.is_list:
        yield FieldError(parameter.name, "repeated_parameter", "This can be given once only.")
    else:
        for value in values:
            if fault := _fault(parameter, value):
                yield FieldError(parameter.name, *fault)


def _fault(parameter: DeclaredParameter, value: str) -> tuple[str, str] | None:
    if value.lower() == "null" and parameter.is_converted:
        return "invalid_type", "Expected a value. For none, leave the parameter out."
    for spelling, wanted in parameter.spellings:
        if not spelling.fullmatch(value):
            return "invalid_type", f"Expected {wanted}."
    try:
        msgspec.convert([value] if parameter.is_list else value, parameter.expected, strict=False)
    except msgspec.ValidationError as error:
        return complaint(parameter.expected, error)
    return None


def _bad_bytes(raw: bytes) -> tuple[str, str] | None:
    try:
        text = unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        return "invalid_encoding", "This is not valid UTF-8."
    return ("nul_character", "The character NUL is not allowed.") if "\x00" in text else None


def _without_marks(annotation: Any) -> Any:
    """The type with its constraints, less what only Litestar reads."""
    if get_origin(annotation) is not Annotated:
        return annotation
    inner, *marks = get_args(annotation)
    kept = [mark for mark in marks if isinstance(mark, msgspec.Meta)]
    return Annotated[(inner, *kept)] if kept else inner
