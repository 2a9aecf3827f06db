"""Problem details: one shape, one table, nothing of our insides."""

import importlib
import pkgutil
from datetime import datetime

import httpx
import pytest
from structlog.testing import capture_logs

import domains
from api.errors import EDGE_REFUSALS, STATUS_OF
from api.problems import kinds_of_refusal, titles
from tests.api.toy import KNOWN

KEYS = ["type", "title", "status", "detail", "instance", "code", "requestId", "timestamp", "errors"]
THINGS = "/api/v1/things"


def test_every_refusal_of_every_domain_has_a_status() -> None:
    for module in pkgutil.walk_packages(domains.__path__, "domains."):
        importlib.import_module(module.name)
    kinds = list(kinds_of_refusal())
    assert len(kinds) >= 12
    assert sorted({kind.code for kind in kinds} - STATUS_OF.keys()) == []


def test_every_status_in_the_table_has_a_refusal() -> None:
    assert sorted(STATUS_OF.keys() - titles().keys()) == []


def test_a_code_has_one_title() -> None:
    assert len({kind.code for kind in kinds_of_refusal()}) == len(list(kinds_of_refusal()))


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing/here", 404, "not_found"),
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("GET", "/.git/config", 404, "not_found"),
        ("GET", "/metrics", 404, "not_found"),
        ("GET", "/schema", 404, "not_found"),
        ("GET", "/docs/../api/app.py", 404, "not_found"),
        ("GET", "/docs/%2e%2e%2fapp.py", 404, "not_found"),
        ("GET", f"{THINGS}/01920000-0000-7000-8000-00000000ffff", 404, "not_found"),
        ("PUT", THINGS, 405, "method_not_allowed"),
        ("TRACE", THINGS, 405, "method_not_allowed"),
        ("CONNECT", THINGS, 405, "method_not_allowed"),
        ("NONSENSE", THINGS, 405, "method_not_allowed"),
        ("GET", f"{THINGS}?what=1", 400, "validation_error"),
        ("GET", "/api/v1/boom", 500, "internal_error"),
    ],
)
async def test_every_refusal_has_the_one_shape(
    client: httpx.AsyncClient, method: str, path: str, status: int, code: str
) -> None:
    answer = await client.request(method, path)
    problem = answer.json()
    assert answer.status_code == problem["status"] == status
    assert answer.headers["content-type"] == "application/problem+json; charset=utf-8"
    assert list(problem) == KEYS
    assert problem["code"] == code
    assert problem["type"] == f"urn:frontdesk:problem:{code}"
    assert problem["requestId"] == answer.headers["x-request-id"]
    assert problem["title"]
    assert problem["detail"]
    assert len(problem["timestamp"]) == 24
    assert datetime.fromisoformat(problem["timestamp"]).utcoffset()
    assert problem["timestamp"].endswith("Z")


async def test_a_refused_method_says_which_are_taken(client: httpx.AsyncClient) -> None:
    allowed = (await client.put(THINGS)).headers["allow"]
    assert {"GET", "POST"} <= set(allowed.split(", "))


async def test_a_refusal_of_the_domain_keeps_its_words(client: httpx.AsyncClient) -> None:
    answer = await client.post(THINGS, json={"name": "taken"})
    assert answer.status_code == 409
    assert answer.json()["code"] == "already_exists"
    assert answer.json()["detail"] == "There is one already."


async def test_the_instance_names_no_id(client: httpx.AsyncClient) -> None:
    answer = await client.patch(f"{THINGS}/{KNOWN}", json={"name": 1})
    assert answer.json()["instance"] == "/api/v1/things/:thingId"
    assert str(KNOWN) not in answer.text


async def test_a_500_shows_a_request_id_and_is_logged_once(client: httpx.AsyncClient) -> None:
    with capture_logs() as logs:
        answer = await client.get("/api/v1/boom")
    problem = answer.json()
    assert answer.status_code == 500
    assert problem["detail"] == EDGE_REFUSALS[500][2]
    assert problem["errors"] == []
    for inside in ("constraint", "RuntimeError", "Traceback", "users_email_key"):
        assert inside not in answer.text
    failures = [line for line in logs if line["log_level"] == "error"]
    assert [line["request_id"] for line in failures] == [problem["requestId"]]
    assert isinstance(failures[0]["exc_info"], RuntimeError)


async def test_an_address_of_any_length_makes_a_problem_of_bounded_length(client: httpx.AsyncClient) -> None:
    answer = await client.get("/" + "a" * 20_000 + "/<script>")
    assert answer.status_code == 404
    assert len(answer.content) < 1_000
    assert "<" not in answer.text
