"""What the application serves, operation by operation."""

import re
from typing import Any, get_args, get_origin

import msgspec
from litestar import Litestar, Response
from litestar.enums import ParamType
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import ResponseSpec
from litestar.response import Stream
from litestar.routes import HTTPRoute

from api.errors import Problem
from api.parameters import DeclaredParameter, declared_parameters

BASE_PATH = "/api/v1"


class Operation(msgspec.Struct, frozen=True):
    """One method of one address."""

    path: str
    method: str
    handler: HTTPRouteHandler
    parameters: list[DeclaredParameter]

    @property
    def id(self) -> str:
        return camel_case(self.handler.handler_name)

    @property
    def path_names(self) -> list[str]:
        return [camel_case(each.name) for each in self.parameters if each.place is ParamType.PATH]

    @property
    def body(self) -> Any:
        field = self.handler.parsed_fn_signature.parameters.get("data")
        return None if field is None else field.raw

    @property
    def answer(self) -> Any:
        found = self.handler.parsed_fn_signature.return_type.annotation
        return get_args(found)[0] if get_origin(found) is Response else found

    @property
    def other_answers(self) -> dict[int, ResponseSpec]:
        """Answers that are neither the success nor a problem."""
        declared = self.handler.responses or {}
        return {status: spec for status, spec in declared.items() if spec.data_container is not Problem}

    @property
    def is_tagged(self) -> bool:
        """Whether its answer has an `ETag`."""
        return {"id", "version"} <= set(getattr(self.answer, "__struct_fields__", ()))

    @property
    def is_creation(self) -> bool:
        """Whether its answer has a `Location`: of what was made, or of the job that was begun."""
        begins_a_job = "progress" in getattr(self.answer, "__struct_fields__", ())
        return self.handler.status_code == 201 or (self.handler.status_code == 202 and begins_a_job)  # noqa: PLR2004 - created and accepted, RFC 9110

    @property
    def is_repeatable(self) -> bool:
        """Whether an `Idempotency-Key` makes it take effect once."""
        return self.method == "post" and bool(self.handler.opt.get("repeatable", not self.is_public))

    @property
    def is_stream(self) -> bool:
        """Whether it answers with server-sent events."""
        return self.answer is Stream

    @property
    def file_type(self) -> str | None:
        """The media type of an answer that is a file, and no JSON."""
        found: str | None = self.handler.opt.get("file")
        return found

    @property
    def file_body(self) -> dict[str, Any]:
        """By media type, the bodies of an operation that takes a file: see `api.uploads`."""
        return dict(self.handler.opt.get("takes", {}))

    @property
    def is_public(self) -> bool:
        return bool(self.handler.opt.get("public"))

    @property
    def is_limited(self) -> bool:
        return not self.handler.opt.get("unlimited")

    @property
    def implied_codes(self) -> set[str]:
        """The problem codes that follow from its parameters, body and credential."""
        names = {parameter.name for parameter in self.parameters}
        implied = {"internal_error", "unavailable", "validation_error"}
        if self.is_limited:
            implied.add("rate_limited")
        if not self.is_public:
            implied |= {"unauthenticated", "token_expired", "forbidden"}
        if "cursor" in names:
            implied.add("invalid_cursor")
        if "If-Match" in names:
            implied.add("version_conflict")
        if any(parameter.place is ParamType.PATH for parameter in self.parameters):
            implied.add("not_found")
        if self.is_repeatable:
            implied |= {"idempotency_in_progress", "idempotency_key_reused"}
        if self.body is not None or self.file_body:
            implied |= {"unsupported_media_type", "payload_too_large"}
        return implied


def operations_of(app: Litestar) -> list[Operation]:
    """By path and method. What is served at the root as well is listed once."""
    found = [
        Operation(camel_case(route.path_format), method.lower(), handler, declared_parameters(handler))
        for route in app.routes
        if isinstance(route, HTTPRoute) and route.path.startswith(BASE_PATH)
        for method, (handler, _) in route.route_handler_map.items()
        if method != "OPTIONS" and handler.resolve_include_in_schema()
    ]
    return sorted(found, key=lambda operation: (operation.path, operation.method))


def camel_case(snake: str) -> str:
    return re.sub(r"_([a-z0-9])", lambda found: found[1].upper(), snake)
