"""Ways from one operation to the next that OpenAPI has no words for, for the fuzzer alone."""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

_JSON = "application/json"
_SHOP = {"tenantSlug": "$request.path.tenantSlug"}
_SERVICE = "$response.body#/items/0/id"
_FREE = {"serviceId": "$request.query.serviceId", "startsAt": "$response.body#/slots/0/startsAt"}
_LEADS: dict[str, dict[str, Json]] = {
    "getTenant": {
        name: {"parameters": {"tenantSlug": "$response.body#/slug"}}
        for name in ("listOnlineServices", "getOnlineAvailability", "waitOnline")
    },
    "listOnlineServices": {"getOnlineAvailability": {"parameters": {**_SHOP, "serviceId": _SERVICE}}},
    "getOnlineAvailability": {name: {"parameters": _SHOP, "requestBody": _FREE} for name in ("holdTime", "bookOnline")},
}
"""From an answer of an operation: what is to be asked with what of it."""


def with_leads(document: Json) -> None:
    """Let bodies name what was made before, and visitors take times that are free."""
    operations = {entry["operationId"]: entry for path in document["paths"].values() for entry in path.values()}
    for made in operations.values():
        for status, answer in made["responses"].items():
            links = _resolved(answer, document).get("links", {})
            ids = {k: v for each in links.values() for k, v in each["parameters"].items() if "body" in v}
            _lead(made, status, dict(_by_body(ids, operations, document)), document)
    for source, leads in _LEADS.items():
        _lead(operations[source], "200", leads, document)


def _lead(source: Json, status: str, leads: dict[str, Json], document: Json) -> None:
    if leads:
        answer = _resolved(source["responses"][status], document)
        more = {f"{name}Next": {"operationId": name, **lead} for name, lead in leads.items()}
        source["responses"][status] = answer | {"links": answer.get("links", {}) | more}


def _by_body(ids: Json, operations: dict[str, Json], document: Json) -> Iterator[tuple[str, Json]]:
    """Operations whose bodies have one of `ids`, and whose address has no other."""
    for name, operation in operations.items():
        content = operation.get("requestBody", {}).get("content", {}).get(_JSON, {})
        fields = _resolved(content.get("schema", {}), document).get("properties", {})
        places = {_resolved(each, document)["in"] for each in operation["parameters"]}
        if (named := {key: ids[key] for key in ids if key in fields}) and "path" not in places:
            yield name, {"requestBody": named}


def _resolved(node: Json, document: Json) -> Json:
    if "$ref" not in node:
        return node
    _, _, kind, name = node["$ref"].split("/")
    found: Json = document["components"][kind][name]
    return found
