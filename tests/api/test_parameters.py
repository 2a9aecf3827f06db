"""Parameters: one documented rule for names, repetitions and values."""

from typing import Annotated
from uuid import UUID

import httpx
import pytest
from litestar import get
from litestar.exceptions import ImproperlyConfiguredException
from litestar.params import FromQuery, HeaderParameter
from msgspec import Meta

from api.app import create_app
from api.edge import EdgeSettings
from tests.api.toy import KNOWN, client_of, container_with

THINGS = "/api/v1/things"
NOBODY = "01920000-0000-7000-8000-00000000ffff"

RUDE = [
    ("limit=0", "limit", "too_small"),
    ("limit=101", "limit", "too_large"),
    ("limit=1000000000", "limit", "too_large"),
    ("limit=-1", "limit", "too_small"),
    ("limit=", "limit", "invalid_type"),
    ("limit=1.0", "limit", "invalid_type"),
    ("limit=1e1", "limit", "invalid_type"),
    ("limit=%2010", "limit", "invalid_type"),
    ("limit=+10", "limit", "invalid_type"),
    ("limit=010", "limit", "invalid_type"),
    ("limit=%D9%A1", "limit", "invalid_type"),
    ("limit=9223372036854775808", "limit", "invalid_type"),
    ("limit=true", "limit", "invalid_type"),
    ("limit=1&limit=2", "limit", "repeated_parameter"),
    ("limit=1&limit=1", "limit", "repeated_parameter"),
    ("Limit=1", "Limit", "unknown_parameter"),
    ("offset=10", "offset", "unknown_parameter"),
    ("%00=1", "query", "nul_character"),
    ("search=a%00b", "query", "nul_character"),
    ("search=%FF", "query", "invalid_encoding"),
    ("search=%ED%A0%80", "query", "invalid_encoding"),
    ("search=", "search", "too_short"),
    ("search=" + "x" * 201, "search", "too_long"),
    ("includeTotal=1", "includeTotal", "invalid_type"),
    ("includeTotal=True", "includeTotal", "invalid_type"),
    ("includeTotal=yes", "includeTotal", "invalid_type"),
    ("include_total=true", "include_total", "unknown_parameter"),
    ("sort=name", "sort", "invalid_choice"),
    ("sort=createdAt;drop", "sort", "invalid_choice"),
    ("sort=--createdAt", "sort", "invalid_choice"),
    ("tag=a&tag=", "tag", "too_short"),
    ("&".join("tag=a" for _ in range(101)), "query", "too_many"),
]


@pytest.mark.parametrize(("query", "field", "code"), RUDE)
async def test_a_rude_query_is_a_400_that_names_the_parameter(
    client: httpx.AsyncClient, query: str, field: str, code: str
) -> None:
    answer = await client.get(f"{THINGS}?{query}")
    assert answer.status_code == 400, answer.text
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]


@pytest.mark.parametrize(
    "query",
    ["", "limit=1", "limit=100", "includeTotal=true", "includeTotal=false", "sort=createdAt", "search=%F0%9F%98%80+b",
     "tag=a&tag=b", "tag=a"],
)  # fmt: skip
async def test_a_query_in_order_is_answered(client: httpx.AsyncClient, query: str) -> None:
    answer = await client.get(f"{THINGS}?{query}")
    assert answer.status_code == 200, answer.text
    assert ("total" in answer.json()) == (query == "includeTotal=true")


async def test_all_faults_of_a_query_are_named_at_once(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{THINGS}?limit=0&what=1&includeTotal=2")
    assert [error["field"] for error in answer.json()["errors"]] == ["limit", "what", "includeTotal"]


async def test_a_handler_without_parameters_refuses_any(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"{THINGS}/{KNOWN}")).status_code == 200
    assert (await client.get(f"{THINGS}/{KNOWN}?fields=name")).status_code == 400
    assert (await client.get("/health")).status_code == 200
    assert (await client.get("/health?full=1")).status_code == 400


@pytest.mark.parametrize(
    "bad", ["zzz", "1", "null", "%20", KNOWN.hex + "0", f"{{{KNOWN}}}", f"urn:uuid:{KNOWN}", "'--"]
)
async def test_what_is_no_id_is_answered_as_an_id_that_nobody_has(client: httpx.AsyncClient, bad: str) -> None:
    own_id = {"x-request-id": "same-for-both"}
    malformed = await client.get(f"{THINGS}/{bad}", headers=own_id)
    unknown = await client.get(f"{THINGS}/{NOBODY}", headers=own_id)
    assert malformed.status_code == unknown.status_code == 404
    for answer in (malformed, unknown):
        assert int(answer.headers.pop("content-length")) == len(answer.content)
        answer.headers.pop("date", None)
    assert malformed.headers == unknown.headers
    problems = [{**answer.json(), "timestamp": ""} for answer in (malformed, unknown)]
    called = [problem.pop("instance") for problem in problems]
    assert called == [answer.request.url.raw_path.decode() for answer in (malformed, unknown)]
    assert problems[0] == problems[1]


@pytest.mark.parametrize("path", [f"{THINGS}/a%00b", f"{THINGS}/%FF", f"{THINGS}/%ED%A0%80"])
async def test_bad_bytes_in_a_path_are_a_400(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "path"


async def test_a_header_that_is_a_parameter_is_given_once(client: httpx.AsyncClient) -> None:
    address = f"{THINGS}/{KNOWN}"
    assert (await client.patch(address, json={}, headers=[("if-match", '"3"')])).status_code == 200
    twice = await client.patch(address, json={}, headers=[("if-match", '"3"'), ("if-match", '"2"')])
    assert [(error["field"], error["code"]) for error in twice.json()["errors"]] == [("If-Match", "repeated_parameter")]


async def test_a_parameter_that_is_needed_is_asked_for() -> None:
    @get("/found")
    async def find(q: FromQuery[Annotated[str, Meta(min_length=2, max_length=9)]]) -> None:
        assert q

    app = create_app(routes=[find], container=container_with(), edge=EdgeSettings(version="1"))
    async with client_of(app) as client:
        assert (await client.get("/api/v1/found?q=ab")).status_code == 200
        for query in ("", "?p=1"):
            answer = await client.get(f"/api/v1/found{query}")
            assert ("q", "required") in [(error["field"], error["code"]) for error in answer.json()["errors"]]


async def test_a_header_that_is_needed_is_asked_for() -> None:
    @get("/found")
    async def find(proof: Annotated[str, Meta(max_length=9), HeaderParameter(name="Proof")]) -> None:
        assert proof

    app = create_app(routes=[find], container=container_with(), edge=EdgeSettings(version="1"))
    async with client_of(app) as client:
        assert (await client.get("/api/v1/found", headers={"Proof": "ab"})).status_code == 200
        answer = await client.get("/api/v1/found")
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [("Proof", "required")]


@pytest.mark.filterwarnings("ignore:.*deprecated inferred style")
def test_a_parameter_without_a_place_stops_the_start() -> None:
    @get("/careless")
    async def careless(limit: int = 20) -> None:
        assert limit

    with pytest.raises(ImproperlyConfiguredException, match="limit"):
        create_app(routes=[careless], container=container_with(), edge=EdgeSettings(version="1"))


async def test_the_word_null_is_no_value() -> None:
    @get("/by-id", name="byId")
    async def by_id(who: FromQuery[UUID | None] = None, text: FromQuery[str | None] = None) -> dict[str, str]:
        return {"who": str(who), "text": str(text)}

    app = create_app(routes=[by_id], container=container_with(), edge=EdgeSettings(version="0"))
    async with client_of(app) as client:
        for word in ("null", "NULL", "Null"):
            answer = await client.get(f"/api/v1/by-id?who={word}")
            assert answer.status_code == 400, answer.text
            assert answer.json()["errors"][0]["field"] == "who"
        assert (await client.get("/api/v1/by-id?text=null")).json()["text"] == "null"
        assert (await client.get("/api/v1/by-id")).json()["who"] == "None"
