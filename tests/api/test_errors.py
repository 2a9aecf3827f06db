"""Problem details: one shape, one table, nothing of our insides."""

import importlib
import pkgutil
from datetime import datetime
from typing import Any, cast

import httpx
import pytest
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from structlog.testing import capture_logs

import domains
from api.edge import EdgeSettings
from api.errors import EDGE_REFUSALS, STATUS_OF
from api.gate import Gate
from api.problems import kinds_of_refusal, titles
from domains.shared.errors import DomainError
from tests.api.toy import KNOWN, toy_app

KEYS = ["type", "title", "status", "detail", "instance", "code", "requestId", "timestamp", "errors"]
THINGS = "/api/v1/things"


def our_kinds() -> list[type[DomainError]]:
    return [kind for kind in kinds_of_refusal() if kind.__module__.startswith("domains.")]


def test_every_refusal_of_every_domain_has_a_status() -> None:
    for module in pkgutil.walk_packages(domains.__path__, "domains."):
        importlib.import_module(module.name)
    codes = {kind.code for kind in our_kinds()}
    assert len(codes) >= 12
    assert sorted(codes - STATUS_OF.keys()) == []


def test_every_status_in_the_table_has_a_refusal() -> None:
    assert sorted(STATUS_OF.keys() - titles().keys()) == []


def test_a_code_has_one_title() -> None:
    """A kind without a code of its own is answered as the one that it is a kind of."""
    codes = [kind.code for kind in our_kinds() if "code" in vars(kind)]
    assert sorted(set(codes)) == sorted(codes)


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
    assert datetime.fromisoformat(problem["timestamp"]).tzinfo
    assert problem["timestamp"].endswith("Z")


async def test_a_refused_method_says_which_are_taken(client: httpx.AsyncClient) -> None:
    allowed = (await client.put(THINGS)).headers["allow"]
    assert {"GET", "POST"} <= set(allowed.split(", "))


async def test_a_refusal_of_the_domain_keeps_its_words(client: httpx.AsyncClient) -> None:
    answer = await client.post(THINGS, json={"name": "taken"})
    assert answer.status_code == 409
    assert answer.json()["code"] == "already_exists"
    assert answer.json()["detail"] == "There is one already."


async def test_the_instance_is_the_address_that_was_called(client: httpx.AsyncClient) -> None:
    answer = await client.patch(f"{THINGS}/{KNOWN}", json={"name": 1})
    assert answer.json()["instance"] == f"/api/v1/things/{KNOWN}"
    unknown = await client.get("/api/v1/not%20there/<b>")
    assert unknown.json()["instance"] == "/api/v1/not%20there/%3Cb%3E"


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


@pytest.mark.parametrize(
    ("kind", "status", "header", "value"),
    [
        ("busy", 503, "retry-after", "1"),
        ("stranger", 401, "www-authenticate", "Bearer"),
        ("expired", 401, "www-authenticate", "Bearer"),
    ],
)
async def test_a_refusal_says_what_to_do(
    client: httpx.AsyncClient, kind: str, status: int, header: str, value: str
) -> None:
    answer = await client.get(f"/api/v1/refused/{kind}")
    assert (answer.status_code, answer.headers[header]) == (status, value)


async def test_a_refusal_that_the_table_lacks_is_a_500_in_the_log(client: httpx.AsyncClient) -> None:
    with capture_logs() as logs:
        answer = await client.get("/api/v1/refused/surprise")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert [line["event"] for line in logs] == ["unhandled_exception", "request"]


def scope_of(path: str, method: str = "GET") -> dict[str, Any]:
    return {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"testserver"), (b"content-type", b"application/json")],
        "state": {"request_id": "0123456789"},
    }


class Sent:
    """Keeps what was sent."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def __call__(self, message: Message) -> None:
        self.messages.append(message)


async def nothing_more() -> Any:
    return {"type": "http.disconnect"}


async def failing(scope: Scope, receive: Receive, send: Send) -> None:
    raise RuntimeError("outside the router")


async def failing_late(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    raise RuntimeError("in the middle of an answer")


def gated(app: ASGIApp) -> ASGIApp:
    return Gate(EdgeSettings(version="1"))(app)


async def whole(scope: Scope, receive: Receive, send: Send) -> None:
    assert scope.get("method") == "GET"
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"text", "more_body": False})


@pytest.mark.parametrize(("method", "body"), [("GET", b"text"), ("HEAD", b"")])
async def test_head_is_answered_as_get_and_sends_no_body(method: str, body: bytes) -> None:
    sent = Sent()
    await gated(whole)(cast("Any", scope_of("/x", method)), nothing_more, sent)
    assert [cast("Any", message).get("body") for message in sent.messages] == [None, body]


async def test_what_fails_outside_the_router_has_the_same_shape() -> None:
    sent = Sent()
    with capture_logs() as logs:
        await gated(failing)(cast("Any", scope_of("/x")), nothing_more, sent)
    assert cast("Any", sent.messages[0])["status"] == 500
    assert b'"code":"internal_error"' in cast("Any", sent.messages[1])["body"]
    assert [line["request_id"] for line in logs] == ["0123456789"]


async def test_an_answer_that_has_begun_is_broken_off_rather_than_begun_again() -> None:
    sent = Sent()
    with pytest.raises(RuntimeError):
        await gated(failing_late)(cast("Any", scope_of("/x")), nothing_more, sent)
    assert len(sent.messages) == 1


async def test_a_caller_who_leaves_in_the_middle_of_a_body_is_no_error_of_ours() -> None:
    sent = Sent()
    with capture_logs() as logs:
        await cast("Any", toy_app())(scope_of(THINGS, "POST"), nothing_more, sent)
    assert [line["event"] for line in logs] == ["request"]
    assert cast("Any", sent.messages[0])["status"] == 400
