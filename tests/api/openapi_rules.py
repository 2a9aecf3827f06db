"""What an OpenAPI document of ours must not have, and what each of its operations must."""

import re
from collections.abc import Iterator
from typing import Any

_BOUNDED_FORMATS = {"uuid", "date-time", "date"}
_OPERATION_ID = re.compile(r"[a-z][A-Za-z0-9]*")
_WIRE_NAME = re.compile(r"[a-z][A-Za-z0-9]*")


def loose_spots(document: dict[str, Any]) -> list[str]:
    """Where a free-form object, an unbounded text, or a value of any type at all is allowed.

    What is asked, in difference to what is shown, has bounded lists and maps as well.
    """
    return sorted(_loose(document, ""))


def incomplete_operations(document: dict[str, Any]) -> list[str]:
    """What operations lack: a camelCase id of their own, a text, an example for each body, declared problems."""
    found: list[str] = []
    ids: set[str] = set()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            name = f"{method} {path}"
            found.extend(f"{name}: {fault}" for fault in _faults(operation))
            if operation["operationId"] in ids:
                found.append(f"{name}: operationId is not its own")
            ids.add(operation["operationId"])
    return found


def _loose(node: Any, path: str) -> Iterator[str]:
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from _loose(item, f"{path}/{index}")
    elif isinstance(node, dict):
        if "schema" in node and isinstance(node["schema"], dict):
            yield from _loose_schema(node["schema"], f"{path}/schema", asked="in" in node)
        for name, item in node.items():
            if path == "/components/schemas":
                yield from _loose_schema(item, f"{path}/{name}", asked=item.get("additionalProperties") is False)
            elif name not in ("schema", "example", "examples"):
                yield from _loose(item, f"{path}/{name}")


def _loose_schema(schema: dict[str, Any], path: str, *, asked: bool) -> Iterator[str]:
    for key in ("anyOf", "allOf", "oneOf"):
        for index, part in enumerate(schema.get(key, [])):
            if key != "allOf":
                yield from _loose_schema(part, f"{path}/{key}/{index}", asked=asked)
    if not schema.keys() & {"type", "$ref", "anyOf", "allOf", "oneOf", "enum", "const"}:
        yield f"{path}: any value"
    match schema.get("type"):
        case "string" if not _is_bounded(schema):
            yield f"{path}: unbounded text"
        case "array":
            yield from _loose_array(schema, path, asked=asked)
        case "object":
            yield from _loose_object(schema, path, asked=asked)
        case _:
            pass


def _is_bounded(schema: dict[str, Any]) -> bool:
    return bool(schema.keys() & {"maxLength", "enum", "const"}) or schema.get("format") in _BOUNDED_FORMATS


def _loose_array(schema: dict[str, Any], path: str, *, asked: bool) -> Iterator[str]:
    if asked and "maxItems" not in schema:
        yield f"{path}: unbounded list"
    items = schema.get("items")
    if isinstance(items, dict):
        yield from _loose_schema(items, f"{path}/items", asked=asked)


def _loose_object(schema: dict[str, Any], path: str, *, asked: bool) -> Iterator[str]:
    values = schema.get("additionalProperties")
    if isinstance(values, dict):
        yield from _loose_schema(values, f"{path}/*", asked=asked)
    if asked and isinstance(values, dict) and "maxProperties" not in schema:
        yield f"{path}: unbounded object"
    if "properties" not in schema and not isinstance(values, dict):
        yield f"{path}: free-form object"
    for name, each in schema.get("properties", {}).items():
        if not _WIRE_NAME.fullmatch(name):
            yield f"{path}/{name}: not camelCase"
        yield from _loose_schema(each, f"{path}/{name}", asked=asked)


def _faults(operation: dict[str, Any]) -> Iterator[str]:
    if not _OPERATION_ID.fullmatch(operation["operationId"]):
        yield "operationId is not camelCase"
    for part in ("summary", "description", "tags"):
        if not operation[part]:
            yield f"no {part}"
    contents = [operation.get("requestBody", {}), *operation["responses"].values()]
    for content in (media for each in contents for media in each.get("content", {}).values()):
        if not content.keys() & {"example", "examples"}:
            yield "a body without an example"
    yield from _faults_of_answers(operation["responses"])


def _faults_of_answers(answers: dict[str, Any]) -> Iterator[str]:
    for status, answer in answers.items():
        if status >= "400" and "application/json" not in answer["content"] and not _closed_codes(answer):
            yield f"{status} without its codes"
        if "X-Request-Id" not in answer["headers"]:
            yield f"{status} without X-Request-Id"


def _closed_codes(answer: dict[str, Any]) -> list[str]:
    content = answer["content"].get("application/problem+json", {})
    return [
        code
        for part in content["schema"]["allOf"]
        for code in part.get("properties", {}).get("code", {}).get("enum", [])
    ]
