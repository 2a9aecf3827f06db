"""The OpenAPI document says what the edge does."""

from typing import Any

import httpx
import msgspec
import pytest

from api.edge import EdgeSettings
from api.openapi import IDEMPOTENCY_KEY, openapi_document
from api.openapi_examples import example_of
from api.operations_served import operations_of
from frontdesk.asgi import application
from tests.api.openapi_rules import incomplete_operations, loose_spots
from tests.api.toy import container_with, toy_app
from tests.support.openapi import spelled_out

EDGE = EdgeSettings(version="1.2.3")


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return spelled_out(openapi_document(toy_app(), EDGE))


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    """The document of the whole product, as it is sent."""
    return openapi_document(application(container_with(), EDGE, with_sandbox=True), EDGE)


async def test_both_addresses_serve_the_same(client: httpx.AsyncClient) -> None:
    root, based = await client.get("/openapi.json"), await client.get("/api/v1/openapi.json")
    assert root.status_code == based.status_code == 200
    assert root.content == based.content
    assert root.json()["openapi"].startswith("3.1")
    assert root.headers["content-type"] == "application/json; charset=utf-8"


def test_nothing_is_free_form_or_unbounded(document: dict[str, Any]) -> None:
    assert loose_spots(document) == []


def test_every_operation_is_complete(document: dict[str, Any]) -> None:
    assert incomplete_operations(document) == []


@pytest.mark.parametrize(
    ("schema", "fault"),
    [
        ({"type": "string"}, "unbounded text"),
        ({"type": "string", "format": "email"}, "unbounded text"),
        ({"type": "object"}, "free-form object"),
        ({"type": "object", "additionalProperties": True}, "free-form object"),
        ({"type": "object", "properties": {"a_b": {"type": "integer"}}}, "not camelCase"),
        ({"type": "array", "items": {"type": "integer"}}, "unbounded list"),
        ({"type": "array", "maxItems": 2, "items": {"type": "string"}}, "unbounded text"),
        ({"anyOf": [{"type": "null"}, {"type": "object"}]}, "free-form object"),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, "unbounded object"),
        ({}, "any value"),
    ],
)
def test_a_planted_loose_schema_is_found(document: dict[str, Any], schema: dict[str, Any], fault: str) -> None:
    planted = msgspec.json.decode(msgspec.json.encode(document))
    planted["components"]["schemas"]["NewThing"]["properties"]["planted"] = schema
    assert [spot.rpartition(": ")[2] for spot in loose_spots(planted)] == [fault]
    in_query = {
        "components": {},
        "paths": {"/a": {"get": {"parameters": [{"name": "q", "in": "query", "schema": schema}]}}},
    }
    assert [spot.rpartition(": ")[2] for spot in loose_spots(in_query)] == [fault]


@pytest.mark.parametrize("part", ["summary", "description", "tags"])
def test_a_planted_gap_is_found(document: dict[str, Any], part: str) -> None:
    planted = msgspec.json.decode(msgspec.json.encode(document))
    planted["paths"]["/api/v1/things"]["post"][part] = ""
    assert incomplete_operations(planted) == [f"post /api/v1/things: no {part}"]


def test_what_is_documented_is_what_is_checked(document: dict[str, Any]) -> None:
    thing = document["components"]["schemas"]["NewThing"]
    assert thing["additionalProperties"] is False
    assert thing["required"] == ["name"]
    assert thing["properties"]["emails"]["items"]["maxLength"] == 20
    parameters = {each["name"]: each for each in document["paths"]["/api/v1/things"]["get"]["parameters"]}
    assert parameters["limit"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}
    assert parameters["sort"]["schema"]["enum"] == ["-createdAt", "createdAt"]
    assert parameters["includeTotal"]["required"] is False
    assert document["paths"]["/api/v1/things/{thingId}"]["get"]["parameters"][0]["name"] == "thingId"


def test_every_example_fits_what_it_is_an_example_of() -> None:
    app = toy_app()
    paths = spelled_out(openapi_document(app, EDGE))["paths"]
    fitting = 0
    for operation in operations_of(app):
        entry = paths[operation.path][operation.method]
        if operation.body is not None:
            example = entry["requestBody"]["content"]["application/json"]["example"]
            assert msgspec.convert(example, operation.body)
            fitting += 1
        listed = [each for each in entry["parameters"] if each != IDEMPOTENCY_KEY]
        assert (len(listed) < len(entry["parameters"])) is operation.is_repeatable
        for declared, shown in zip(operation.parameters, listed, strict=True):
            assert ("example" in shown) is declared.required
            if declared.required:
                assert msgspec.convert(shown["example"], declared.expected) is not None
            fitting += 1
    assert fitting >= 8


def test_the_codes_of_an_operation_are_a_closed_list(document: dict[str, Any]) -> None:
    def codes(path: str, method: str) -> set[str]:
        answers = document["paths"][path][method]["responses"]
        return {
            code
            for status, answer in answers.items()
            if status >= "400"
            for code in answer["content"]["application/problem+json"]["examples"]
        }

    everywhere = {"validation_error", "internal_error", "unavailable", "rate_limited"}
    credential = {"unauthenticated", "token_expired", "forbidden"}
    assert codes("/api/v1/boom", "get") == everywhere
    assert codes("/api/v1/things", "get") == everywhere | credential | {"invalid_cursor"}
    body = {"unsupported_media_type", "payload_too_large"}
    repeated = {"idempotency_in_progress", "idempotency_key_reused"}
    assert codes("/api/v1/things", "post") == everywhere | credential | body | repeated | {"already_exists"}
    changed = everywhere | credential | body | {"not_found", "version_conflict"}
    assert codes("/api/v1/things/{thingId}", "patch") == changed


def test_texts_and_headers_come_from_the_handler(document: dict[str, Any]) -> None:
    made = document["paths"]["/api/v1/things"]["post"]
    assert made["operationId"] == "makeThing"
    assert made["summary"] == "Make a thing"
    assert made["description"] == "Make a thing.\n\nIts name is free to choose."
    allowance = {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"}
    assert made["responses"]["201"]["headers"].keys() == {"X-Request-Id", "ETag", "Location"} | allowance
    assert made["responses"]["429"]["headers"].keys() == {"X-Request-Id", "Retry-After"} | allowance
    health = document["paths"]["/api/v1/health/live"]["get"]["responses"]
    assert health["200"]["headers"].keys() == {"X-Request-Id"}
    assert "429" not in health
    assert "security" not in made
    assert document["paths"]["/api/v1/boom"]["get"]["security"] == []
    assert document["security"] == [{"bearer": []}]


def test_a_text_with_a_pattern_asks_for_an_example() -> None:
    with pytest.raises(ValueError, match="needs an example"):
        example_of({"type": "string", "maxLength": 5, "pattern": "^[a-z]$"}, {})
    assert example_of({"type": "string", "maxLength": 5, "pattern": "^[a-z]$", "examples": ["x"]}, {}) == "x"


def test_the_whole_product_keeps_the_same_rules(whole: dict[str, Any]) -> None:
    document = spelled_out(whole)
    assert len(document["paths"]) >= 10
    assert loose_spots(document) == []
    assert incomplete_operations(document) == []


def test_no_parameter_takes_a_text_without_anything_in_it(whole: dict[str, Any]) -> None:
    """A filter that is left empty by mistake would show everything."""
    parameters = [
        parameter
        for path in spelled_out(whole)["paths"].values()
        for operation in path.values()
        for parameter in operation["parameters"]
        if parameter["schema"].get("type") == "string" and not parameter["schema"].keys() & {"enum", "format"}
    ]
    assert len(parameters) > 100
    assert [each for each in parameters if each["schema"].get("minLength", 0) < 1] == []


def test_all_examples_of_bodies_fit_in_the_whole_application() -> None:
    app = application(container_with(), EDGE, with_sandbox=True)
    paths = openapi_document(app, EDGE)["paths"]
    bodies = [each for each in operations_of(app) if each.body is not None]
    for operation in bodies:
        entry = paths[operation.path][operation.method]["requestBody"]["content"]["application/json"]
        assert msgspec.convert(entry["example"], operation.body), operation.path
    assert len(bodies) > 20


def test_all_parts_are_introduced_and_those_that_one_begins_with_come_first(whole: dict[str, Any]) -> None:
    used = {tag for entries in whole["paths"].values() for entry in entries.values() for tag in entry["tags"]}
    assert {tag["name"] for tag in whole["tags"]} == used
    assert whole["tags"][0]["name"] == "Identity"
    assert "POST /auth/register" in whole["info"]["description"]


def test_what_one_tries_first_is_shown_as_one_would_send_it(whole: dict[str, Any]) -> None:
    def shown(path: str) -> dict[str, Any]:
        found: dict[str, Any] = whole["paths"][path]["post"]["requestBody"]["content"]["application/json"]["example"]
        return found

    assert "tenantSlug" not in shown("/api/v1/auth/register")
    assert "code" not in shown("/api/v1/auth/login")
    assert shown("/api/v1/auth/2fa/enable") == {"method": "totp", "password": "Correct-Horse-7"}
    change = shown("/api/v1/auth/change-password")
    assert change["currentPassword"] != change["newPassword"]
