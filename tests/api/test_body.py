"""JSON bodies: what other frameworks let through, or fail on, is a 400 that says what is wrong."""

import gc
import gzip
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest
from litestar import Litestar, post
from litestar.exceptions import ImproperlyConfiguredException
from litestar.params import JSONBody

from api.app import create_app
from api.body import lenient_structs
from api.edge import EdgeSettings
from api.json_text import MAX_DEPTH, read_json
from domains.shared.errors import ValidationFailed
from domains.shared.explain import explain
from domains.shared.wire import Command
from tests.api.toy import KNOWN, NewThing, client_of, container_with, toy_app

JSON = {"content-type": "application/json"}
THINGS = "/api/v1/things"


def nested(levels: int) -> bytes:
    return b'{"name":"x","custom":' + b'{"a":' * levels + b"1" + b"}" * levels + b"}"


RAW = [
    pytest.param(b'{"name":"a\\u0000b"}', "name", "nul_character", id="nul"),
    pytest.param(b'{"name":"a\x00b"}', "$", "malformed_json", id="bare-nul"),
    pytest.param(b'{"custom":{"a\\u0000":1},"name":"x"}', "custom", "nul_character", id="nul-in-a-key"),
    pytest.param(b'{"name":"\\ud800"}', "name", "lone_surrogate", id="lone-surrogate"),
    pytest.param(b'{"name":"\\udc00\\ud800"}', "name", "lone_surrogate", id="surrogates-turned"),
    pytest.param(b'{"name":"\xff"}', "$", "invalid_encoding", id="bad-utf-8"),
    pytest.param(b'{"name":"\xed\xa0\x80"}', "$", "invalid_encoding", id="surrogate-as-utf-8"),
    pytest.param('{"name":"x"}'.encode("utf-16"), "$", "invalid_encoding", id="utf-16"),
    pytest.param(b'\xef\xbb\xbf{"name":"x"}', "$", "byte_order_mark", id="bom"),
    pytest.param(b'{"name":"x","count":9223372036854775808}', "count", "out_of_range", id="2^63"),
    pytest.param(b'{"name":"x","count":1' + b"0" * 30 + b"}", "count", "out_of_range", id="10^30"),
    pytest.param(b'{"name":"x","count":' + b"9" * 5000 + b"}", "$", "out_of_range", id="5000-digits"),
    pytest.param(b'{"name":"x","count":-1}', "count", "too_small", id="-1"),
    pytest.param(b'{"name":"x","custom":{"a":9223372036854775808}}', "custom.a", "out_of_range", id="2^63-untyped"),
    pytest.param(b'{"name":"x","weight":NaN}', "$", "malformed_json", id="nan"),
    pytest.param(b'{"name":"x","weight":-Infinity}', "$", "malformed_json", id="infinity"),
    pytest.param(b'{"name":"x","weight":1e400}', "weight", "out_of_range", id="1e400"),
    pytest.param(b'{"name":"x","name":"y"}', "name", "duplicate_field", id="duplicate-key"),
    pytest.param(b'{"name":"x","address":{"city":"a","city":"b"}}', "city", "duplicate_field", id="duplicate-inside"),
    pytest.param(nested(100_000), "$", "too_deep", id="100000-deep"),
    pytest.param(b"[" * 100_000, "$", "too_deep", id="100000-open"),
    pytest.param(b"", "$", "required", id="empty"),
    pytest.param(b" ", "$", "malformed_json", id="blank"),
    pytest.param(b"null", "$", "invalid_type", id="null"),
    pytest.param(b"[]", "$", "invalid_type", id="array"),
    pytest.param(b'"text"', "$", "invalid_type", id="text"),
    pytest.param(b'{"name":"x"}{}', "$", "malformed_json", id="two-values"),
    pytest.param(b'{"name":"x",}', "$", "malformed_json", id="trailing-comma"),
    pytest.param(b'{"name":"x","count":"1"}', "count", "invalid_type", id="number-as-text"),
    pytest.param(b'{"name":"x","count":1.0}', "count", "invalid_type", id="float-for-integer"),
    pytest.param(b'{"name":"x","count":true}', "count", "invalid_type", id="bool-for-integer"),
    pytest.param(b'{"name":1}', "name", "invalid_type", id="text-as-number"),
    pytest.param(b'{"name":"x","Name":"y"}', "Name", "unknown_field", id="other-case"),
    pytest.param(b'{"name":"x","isAdmin":true}', "isAdmin", "unknown_field", id="unknown-field"),
    pytest.param(b'{"name":"x","colour":"green"}', "colour", "invalid_choice", id="not-in-enum"),
]


@pytest.mark.parametrize(("raw", "field", "code"), RAW)
async def test_a_rude_body_is_a_400_that_names_the_field(
    client: httpx.AsyncClient, raw: bytes, field: str, code: str
) -> None:
    answer = await client.post(THINGS, content=raw, headers=JSON)
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json; charset=utf-8"
    problem = answer.json()
    assert problem["code"] == "validation_error"
    assert (field, code) in [(error["field"], error["code"]) for error in problem["errors"]]


@pytest.mark.parametrize(
    "body",
    [
        {"name": "x"},
        {"name": "é😀", "count": 1000, "weight": 1e3, "emails": ["a", "b"], "address": {"city": "Oslo"}},
        {"name": "back\\slash", "custom": {"long": 2**63 - 1}},
        {"name": "1E5 \\u0000 as text"},
    ],
)
async def test_the_same_kind_of_body_in_order_is_taken(client: httpx.AsyncClient, body: dict[str, Any]) -> None:
    answer = await client.post(THINGS, json=body)
    assert answer.status_code == 201, answer.text
    assert answer.json() == {"id": str(KNOWN), "version": 1, "name": body["name"]}


async def test_all_faults_are_named_at_once(client: httpx.AsyncClient) -> None:
    body = {
        "name": "",
        "count": "1",
        "emails": ["ok", 3, "x" * 21],
        "address": {"zipCode": 5, "street": "?"},
        "custom": {"a": []},
        "more": 1,
    }
    answer = await client.post(THINGS, json=body)
    found = [(error["field"], error["code"]) for error in answer.json()["errors"]]
    assert found == [
        ("name", "too_short"),
        ("count", "invalid_type"),
        ("emails[1]", "invalid_type"),
        ("emails[2]", "too_long"),
        ("address.city", "required"),
        ("address.zipCode", "invalid_type"),
        ("address.street", "unknown_field"),
        ("custom.a", "invalid_type"),
        ("more", "unknown_field"),
    ]


async def test_the_bounds_of_a_whole_list_are_named(client: httpx.AsyncClient) -> None:
    answer = await client.post(THINGS, json={"name": "x", "emails": ["a"] * 4})
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [("emails", "too_long")]


async def test_no_value_of_the_sender_comes_back(client: httpx.AsyncClient) -> None:
    answer = await client.post(THINGS, json={"name": "x", "colour": "hunter2", "count": "hunter2"})
    assert answer.status_code == 400
    assert "hunter2" not in answer.text


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "application/json; charset=latin-1",
        "application/json; charset=utf-16",
        "",
        None,
    ],
)
async def test_json_sent_as_something_else_is_415(client: httpx.AsyncClient, kind: str | None) -> None:
    headers = {} if kind is None else {"content-type": kind}
    answer = await client.post(THINGS, content=b'{"name":"x"}', headers=headers)
    assert answer.status_code == 415
    assert answer.json()["code"] == "unsupported_media_type"
    assert "application/json in UTF-8" in answer.json()["detail"]


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", None])
async def test_no_body_at_all_is_a_400_that_asks_for_one(client: httpx.AsyncClient, kind: str | None) -> None:
    answer = await client.post(THINGS, headers={} if kind is None else {"content-type": kind})
    assert answer.status_code == 400
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [("$", "required")]
    assert "A JSON body is expected" in answer.text


@pytest.mark.parametrize(
    "kind", ["application/json", "Application/JSON; Charset=UTF-8", 'application/json;charset="utf-8"']
)
async def test_json_said_to_be_json_is_taken(client: httpx.AsyncClient, kind: str) -> None:
    answer = await client.post(THINGS, content=b'{"name":"x"}', headers={"content-type": kind})
    assert answer.status_code == 201


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b'{"name":"x",' + b",".join(b'"%d":1' % n for n in range(90_000)) + b"}", id="unknown-fields"),
        pytest.param(b"{" + b",".join(b'"%d":1' % n for n in range(90_000)) + b',"0":1}', id="one-given-twice"),
        pytest.param(b'{"name":"x","emails":[' + b",".join([b"1"] * 500_000) + b"]}", id="wrong-items"),
        pytest.param(b'{"name":"x","emails":[' + b",".join([b'"a"'] * 250_000) + b"]}", id="many-items"),
        pytest.param(b'{"name":"' + b"\\u0000" * 170_000 + b'"}', id="escapes"),
        pytest.param(b'{"name":"\\u0061","' + b"n" * 500_000 + b'":[' + b"0," * 250_000 + b"0]}", id="long-name"),
        pytest.param(b'{"name":"' + b'\\"' * 500_000, id="open-text"),
        pytest.param(b'{"name":"x","count":' + b"9" * 1_000_000 + b"}", id="digits"),
    ],
)
async def test_a_large_rude_body_is_refused_in_little_time(client: httpx.AsyncClient, raw: bytes) -> None:
    started = time.process_time()
    answer = await client.post(THINGS, content=raw, headers=JSON)
    assert time.process_time() - started < 1
    assert answer.status_code == 400
    assert len(answer.content) < 100_000


async def test_two_content_types_or_a_packed_body_are_415(client: httpx.AsyncClient) -> None:
    twice = [("content-type", "application/json"), ("content-type", "text/plain")]
    assert (await client.post(THINGS, content=b'{"name":"x"}', headers=twice)).status_code == 415
    packed = JSON | {"content-encoding": "gzip"}
    assert (await client.post(THINGS, content=gzip.compress(b'{"name":"x"}'), headers=packed)).status_code == 415


async def test_a_body_over_the_limit_is_413(client: httpx.AsyncClient) -> None:
    answer = await client.post(THINGS, content=b'{"name":"' + b"x" * 1_048_576 + b'"}', headers=JSON)
    assert answer.status_code == 413
    assert answer.json()["code"] == "payload_too_large"


async def test_a_body_that_hides_its_length_is_counted(client: httpx.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b'{"name":"'
        for _ in range(2_000):
            yield b"x" * 1_024

    answer = await client.post(THINGS, content=endless(), headers=JSON)
    assert answer.status_code == 413


class Lenient(msgspec.Struct):
    name: str


class Holding(Command, frozen=True, kw_only=True):
    inside: tuple[Lenient, ...] = ()


@pytest.mark.parametrize("body", [Lenient, Holding, list[Lenient], Lenient | None])
def test_a_struct_that_ignores_unknown_fields_stops_the_start(body: Any) -> None:
    @post("/lenient")
    async def take(data: JSONBody[body]) -> None:
        assert data

    assert lenient_structs(body) == ["Lenient"]
    with pytest.raises(ImproperlyConfiguredException, match="Lenient"):
        create_app(routes=[take], container=container_with(), edge=EdgeSettings(version="1"))


def test_a_strict_struct_does_not() -> None:
    assert lenient_structs(NewThing) == []


async def test_patch_tells_absent_from_null(client: httpx.AsyncClient) -> None:
    address = f"{THINGS}/{KNOWN}"
    assert (await client.patch(address, json={"owner": None})).status_code == 200
    refused = await client.patch(address, json={"name": None})
    assert [(error["field"], error["code"]) for error in refused.json()["errors"]] == [("name", "invalid_type")]


def test_nesting_may_be_as_deep_as_the_limit_and_no_deeper() -> None:
    assert read_json(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    with pytest.raises(ValidationFailed):
        read_json(b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1))


def test_a_list_far_too_long_is_not_looked_through() -> None:
    assert [fault.field for fault in explain(NewThing, {"name": "x", "emails": [1] * 1_001})] == ["emails"]
    assert [fault.field for fault in explain(NewThing, {"name": "x", "emails": [1, 1]})] == ["emails[0]", "emails[1]"]


def test_nothing_is_said_of_a_value_that_is_right() -> None:
    assert explain(NewThing, {"name": "x", "address": None}) == []


async def test_an_application_that_was_asked_for_something_is_not_kept_for_that() -> None:
    app = toy_app()
    async with client_of(app) as client:
        assert (await client.post(THINGS, json={"name": "x"})).status_code == 201
    number = id(app)
    del app, client
    gc.collect()
    assert number not in {id(each) for each in gc.get_objects() if isinstance(each, Litestar)}
