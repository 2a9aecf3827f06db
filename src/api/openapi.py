"""The OpenAPI 3.1 document, made from the handlers as they are.

The schemas are msgspec's own, so that what is documented is what is checked. Litestar's generator leaves out bounds of
nested fields, of query parameters, and that unknown fields are refused.
"""

import inspect
from typing import Any

import msgspec
from litestar import Litestar
from litestar.openapi import ResponseSpec
from litestar.response import Stream

from api.edge import EdgeSettings
from api.errors import PROBLEM_MEDIA_TYPE, STATUS_OF, Problem
from api.openapi_examples import JsonObject, example_of
from api.openapi_links import links_of
from api.openapi_shared import shared
from api.openapi_words import ABOUT, TAGS
from api.operations_served import Operation, camel_case, operations_of
from api.parameters import DeclaredParameter
from api.problems import declared_codes, example_problem

_REFERENCE = "#/components/schemas/{name}"
_REQUEST_ID = {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}}
_ALLOWANCE = {
    f"X-RateLimit-{name}": {"$ref": f"#/components/headers/RateLimit{name}"} for name in ("Limit", "Remaining", "Reset")
}
_RETRY_AFTER = {"Retry-After": {"$ref": "#/components/headers/RetryAfter"}}
_RETRIABLE = frozenset({429, 503})
_JSON = "application/json"
IDEMPOTENCY_KEY: JsonObject = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key and body again within 24 hours: nothing is done twice, the first answer comes again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[!-~]+$(?!\n)"},
    "example": "5d5a1e0e-order-17",
}
_EVENT_STREAM: JsonObject = {
    "text/event-stream": {
        "schema": {"type": "string", "maxLength": 65_536},
        "example": 'id: 7\nevent: customer:changed\ndata: {"id":7,"event":"customer:changed","data":{"id":'
        '"0192f0c1-2b3c-7d4e-8f50-617283940a1b","version":2,"change":"updated"}}\n\n',
    }
}


def openapi_document(app: Litestar, edge: EdgeSettings) -> JsonObject:
    """The document of every operation under the base path, with an example and all problem codes for each."""
    return shared(Document(operations_of(app), edge).made())


class Document:
    """Builds the document once all types are known."""

    def __init__(self, operations: list[Operation], edge: EdgeSettings) -> None:
        self._operations = operations
        self._edge = edge
        types = [Problem, *(type_ for operation in operations for type_ in _types(operation))]
        schemas, self._components = msgspec.json.schema_components(types, ref_template=_REFERENCE)
        self._schemas = dict(zip(map(repr, types), schemas, strict=True))

    def made(self) -> JsonObject:
        paths: JsonObject = {}
        for operation in self._operations:
            paths.setdefault(operation.path, {})[operation.method] = self._operation(operation)
        return {
            "openapi": "3.1.0",
            "info": {"title": "Frontdesk", "version": self._edge.version, "description": ABOUT},
            "tags": TAGS,
            "servers": [{"url": "/"}, {"url": self._edge.public_url}],
            "security": [{"bearer": []}],
            "paths": paths,
            "components": self._shared(),
        }

    def _shared(self) -> JsonObject:
        return {
            "schemas": self._components,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
            "headers": {
                "RequestId": {"description": "Names this request in the logs.", "schema": _text(64)},
                "RateLimitLimit": _count("The tightest limit that applies."),
                "RateLimitRemaining": _count("What is left of it."),
                "RateLimitReset": _count("When it is whole again, in seconds since 1970."),
                "RetryAfter": _count("Seconds after which to try again."),
            },
        }

    def _operation(self, operation: Operation) -> JsonObject:
        text = inspect.cleandoc(operation.handler.description or operation.handler.fn.__doc__ or "")
        summary, _, _ = text.partition("\n")
        entry: JsonObject = {
            "operationId": operation.id,
            "summary": operation.handler.summary or summary.rstrip(".").replace("`", ""),
            "description": text,
            "tags": list(operation.handler.resolve_tags()),
            "parameters": [*map(self._parameter, operation.parameters), *_repeatability(operation)],
            "responses": {str(operation.handler.status_code): self._success(operation), **self._refusals(operation)},
        }
        if operation.body is not None:
            content = self._with_example(operation.body)
            if operation.method == "patch":
                content["example"] = dict(list(content["example"].items())[:1])
            content["example"] = operation.handler.opt.get("example", content["example"])
            entry["requestBody"] = {"required": True, "content": {_JSON: content}}
        if operation.file_body:
            entry["requestBody"] = {"required": True, "content": operation.file_body}
        if operation.is_public:
            entry["security"] = []
        return entry

    def _parameter(self, parameter: DeclaredParameter) -> JsonObject:
        schema = _without_null(self._schemas[repr(parameter.expected)])
        if parameter.default is not None:
            schema["default"] = parameter.default
        entry = {
            "name": camel_case(parameter.name),
            "in": parameter.place.value,
            "required": parameter.required,
            "schema": schema,
        }
        return entry | {"example": example_of(schema, self._components)} if parameter.required else entry

    def _success(self, operation: Operation) -> JsonObject:
        answer = operation.answer
        entry: JsonObject = {"description": "Done.", "headers": _common_headers(operation) | _headers(operation)}
        if operation.is_stream:
            entry["content"] = _EVENT_STREAM
        elif operation.file_type:
            entry["content"] = {operation.file_type: {"example": operation.handler.opt.get("example", "PK")}}
        elif answer not in (None, type(None)):
            also: dict[str, str] = operation.handler.opt.get("also", {})
            others: JsonObject = {media_type: {"example": example} for media_type, example in also.items()}
            entry["content"] = {_JSON: self._with_example(answer), **others}
        if links := links_of(operation, self._operations):
            entry["links"] = links
        return entry

    def _with_example(self, type_: Any) -> JsonObject:
        schema = self._schemas[repr(type_)]
        return {"schema": schema, "example": example_of(schema, self._components)}

    def _refusals(self, operation: Operation) -> JsonObject:
        codes = sorted({*declared_codes(operation.handler.responses), *operation.implied_codes})
        by_status: dict[int, list[str]] = {}
        for code in codes:
            by_status.setdefault(STATUS_OF[code], []).append(code)
        found = {str(status): _refusal(operation, by_status[status]) for status in sorted(by_status)}
        return found | {str(status): self._other(spec) for status, spec in operation.other_answers.items()}

    def _other(self, spec: ResponseSpec) -> JsonObject:
        content = {_JSON: self._with_example(spec.data_container)}
        return {"description": spec.description, "headers": _REQUEST_ID, "content": content}


def _types(operation: Operation) -> list[Any]:
    found = [parameter.expected for parameter in operation.parameters]
    found += [spec.data_container for spec in operation.other_answers.values()]
    shown = None if operation.file_type else operation.answer
    return [*found, *(type_ for type_ in (operation.body, shown) if type_ not in (None, type(None), Stream))]


def _headers(operation: Operation) -> JsonObject:
    headers: JsonObject = {}
    if operation.is_tagged:
        headers["ETag"] = {"description": "The version, for If-Match.", "schema": _text(32)}
    if operation.is_creation:
        headers["Location"] = {"description": "The address of what was made or begun.", "schema": _text(500)}
    return headers


def _common_headers(operation: Operation) -> JsonObject:
    return _REQUEST_ID | _ALLOWANCE if operation.is_limited else _REQUEST_ID


def _without_null(schema: JsonObject) -> JsonObject:
    """An address or a header cannot say null: one may leave the parameter out."""
    rest = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    return {**schema, "anyOf": rest} if len(rest) > 1 else dict(rest[0] if rest else schema)


def _text(length: int) -> JsonObject:
    return {"type": "string", "maxLength": length}


def _count(description: str) -> JsonObject:
    return {"description": description, "schema": {"type": "integer", "minimum": 0}}


def _repeatability(operation: Operation) -> list[JsonObject]:
    return [IDEMPOTENCY_KEY] if operation.is_repeatable else []


def _refusal(operation: Operation, codes: list[str]) -> JsonObject:
    schema = {"allOf": [{"$ref": "#/components/schemas/Problem"}, {"properties": {"code": {"enum": codes}}}]}
    examples = {code: {"value": example_problem(code)} for code in codes}
    hint = _RETRY_AFTER if STATUS_OF[codes[0]] in _RETRIABLE else {}
    return {
        "description": ", ".join(codes),
        "headers": _common_headers(operation) | hint,
        "content": {PROBLEM_MEDIA_TYPE.partition(";")[0]: {"schema": schema, "examples": examples}},
    }
