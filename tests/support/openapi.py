"""The OpenAPI document as its readers see it."""

from typing import Any

Json = dict[str, Any]


def spelled_out(document: Json) -> Json:
    """The document with all references followed but those to schemas, which may contain themselves."""
    return {**document, "paths": _resolved(document["paths"], document["components"])}


def _resolved(node: Any, components: Json) -> Any:
    if isinstance(node, list):
        return [_resolved(each, components) for each in node]
    if not isinstance(node, dict):
        return node
    _, _, kind, name = str(node.get("$ref", "///")).split("/")
    if name and kind not in ("schemas", "headers"):
        return _resolved(components[kind][name], components)
    return {key: _resolved(each, components) for key, each in node.items()}
