"""What the OpenAPI document refers to is there: what its operations share, and where an answer leads."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from api.openapi import Document, openapi_document
from api.openapi_links import links_of
from api.operations_served import operations_of
from frontdesk.asgi import application
from tests.api.test_openapi import EDGE
from tests.api.toy import container_with, toy_app
from tests.support.openapi import spelled_out

Json = dict[str, Any]
BYTES_OF_AN_OPERATION = 3_200
WITHOUT_A_PLACE = {"addCustomerNote", "foundTenant", "joinTenant", "payInvoice"}
"""Of what they make, nothing is shown by itself, or not to who made it."""


@pytest.fixture(scope="module")
def app() -> Any:
    return application(container_with(), EDGE, with_sandbox=True)


@pytest.fixture(scope="module")
def document(app: Any) -> Json:
    return openapi_document(app, EDGE)


@pytest.fixture(scope="module")
def operations(document: Json) -> dict[str, Json]:
    paths = spelled_out(document)["paths"]
    return {entry["operationId"]: entry for path in paths.values() for entry in path.values()}


def links(operation: Json) -> Iterator[Json]:
    for answer in operation["responses"].values():
        yield from answer.get("links", {}).values()


def test_what_is_shared_is_what_each_operation_says_by_itself(app: Any, document: Json) -> None:
    assert spelled_out(document)["paths"] == Document(operations_of(app), EDGE).made()["paths"]


def test_it_is_short(document: Json, operations: dict[str, Json]) -> None:
    assert len(msgspec.json.encode(document)) < BYTES_OF_AN_OPERATION * len(operations)
    text = msgspec.json.encode(document)
    for kind in ("parameters", "responses", "examples"):
        once = document["components"][kind]
        assert once
        assert all(f'"#/components/{kind}/{name}"'.encode() in text for name in once)


def test_a_link_gives_all_that_the_other_operation_asks_for(operations: dict[str, Json]) -> None:
    for made in operations.values():
        own = {each["name"] for each in made["parameters"] if each["in"] == "path"}
        for link in links(made):
            asked = {each["name"]: each["required"] for each in operations[link["operationId"]]["parameters"]}
            assert {name for name, required in asked.items() if required} <= set(link["parameters"]) <= set(asked)
            for value in link["parameters"].values():
                assert re.fullmatch(r"\$(response\.body#/\w+|response\.header\.ETag|request\.path\.\w+)", value)
                assert "request.path." not in value or value.rpartition(".")[2] in own


def test_what_was_made_leads_to_all_that_can_be_done_with_it(operations: dict[str, Json]) -> None:
    customer = {link["operationId"]: link["parameters"] for link in links(operations["createCustomer"])}
    assert customer["getCustomer"] == {"customerId": "$response.body#/id"}
    assert customer["changeCustomer"] == {"customerId": "$response.body#/id", "If-Match": "$response.header.ETag"}
    assert customer["listInvoices"] == {"customerId": "$response.body#/id"}
    assert "getInvoice" not in customer
    hold = {link["operationId"]: link["parameters"] for link in links(operations["holdTime"])}
    assert hold == {name: {"token": "$response.body#/token"} for name in ("getHold", "releaseHold")}
    assert {link["operationId"] for link in links(operations["exportTenant"])} == {"getJob", "getJobFile", "cancelJob"}
    assert {link["operationId"] for link in links(operations["acceptOfferedTime"])} >= {"getOnlineBooking"}
    intent = {link["operationId"]: link["parameters"] for link in links(operations["createPaymentIntent"])}
    assert intent["getPayment"] == {"paymentId": "$response.body#/paymentId"}


def test_every_creation_leads_on(app: Any, operations: dict[str, Json]) -> None:
    created = {each.id for each in operations_of(app) if each.is_creation}
    assert len(created) > 20
    assert {name for name in created if not list(links(operations[name]))} <= WITHOUT_A_PLACE
    assert all(name in created for name, operation in operations.items() if list(links(operation)))


def test_a_link_knows_the_path_on_which_something_was_made() -> None:
    listed = operations_of(toy_app())
    made = next(each for each in listed if each.id == "makeThing")
    assert set(links_of(made, listed)) == {"getThing", "changeThing", "removeThing"}
    assert all(not links_of(each, listed) for each in listed if each is not made)
