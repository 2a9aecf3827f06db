"""Examples for the OpenAPI document: the ones that the types give, the rest made from their schemas."""

from typing import Any

JsonObject = dict[str, Any]

_BY_FORMAT = {
    "uuid": "0192f0c1-2b3c-7d4e-8f50-617283940a1b",
    "date-time": "2026-11-21T09:30:00.000Z",
    "date": "2026-11-21",
    "uri-reference": "/api/v1/customers",
}
_SELDOM = frozenset(
    {
        "archivedAt",
        "cancelReason",
        "cancelledAt",
        "deletesAt",
        "failureCode",
        "lastError",
        "mergedInto",
        "nextCursor",
        "rejectReason",
        "rejectedAt",
        "reopenedAt",
        "revisionOf",
        "supersededBy",
        "suspendedAt",
        "suspensionReason",
    }
)
"""What is null of most, and in examples."""


def example_of(schema: JsonObject, components: JsonObject) -> Any:
    """A value that fits `schema`. A text with a pattern needs an example of its own: `ValueError`."""
    if "$ref" in schema:
        return example_of(components[schema["$ref"].rsplit("/", 1)[-1]], components)
    for key in ("examples", "enum"):
        if schema.get(key):
            return schema[key][0]
    if "const" in schema:
        return schema["const"]
    if "anyOf" in schema:
        return example_of(next(each for each in schema["anyOf"] if each.get("type") != "null"), components)
    return _by_type(schema, components)


def _by_type(schema: JsonObject, components: JsonObject) -> Any:
    match schema.get("type"):
        case "object":
            return {
                name: None if name in _SELDOM and _may_be_null(each) else example_of(each, components)
                for name, each in schema.get("properties", {}).items()
            }
        case "array":
            return [example_of(schema["items"], components)] if isinstance(schema.get("items"), dict) else []
        case "string":
            return _text(schema)
        case "integer" | "number":
            return schema.get("default") or schema.get("minimum") or 1
        case "boolean":
            return True
        case _:
            return None


def _may_be_null(schema: JsonObject) -> bool:
    return any(each.get("type") == "null" for each in schema.get("anyOf", ()))


def _text(schema: JsonObject) -> str:
    if found := _BY_FORMAT.get(schema.get("format", "")):
        return found
    if "pattern" in schema:
        raise ValueError(f"A text with the pattern {schema['pattern']} needs an example.")
    return "text".ljust(schema.get("minLength", 0), "x")[: schema.get("maxLength", 4)]
