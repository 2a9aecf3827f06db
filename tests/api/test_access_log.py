"""One line a request, and nothing in it that a stranger wrote."""

import httpx
import pytest
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, merge_contextvars
from structlog.testing import capture_logs

from api.access_log import ACTOR_KEY
from api.app import create_app
from api.edge import EdgeSettings
from tests.api.toy import ADA, KNOWN, THINGS, client_of, container_with

FIELDS = {"event", "log_level", "request_id", "method", "route", "status", "duration_ms"}


class AsAda(ASGIMiddleware):
    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        scope["state"][ACTOR_KEY] = ADA
        bind_contextvars(tenant_id=str(ADA.tenant), user_id=str(ADA.user))
        await next_app(scope, receive, send)


@pytest.mark.parametrize(
    ("method", "path", "route", "status"),
    [
        ("GET", f"/api/v1/things/{KNOWN}", "/api/v1/things/{thing_id}", 200),
        ("HEAD", f"/api/v1/things/{KNOWN}", "/api/v1/things/{thing_id}", 200),
        ("GET", "/api/v1/things?search=secret%0d%0aforged", "/api/v1/things", 200),
        ("GET", "/api/v1/things/secret%0d%0aforged", "/api/v1/things/{thing_id}", 404),
        ("GET", "/secret%1b[31m%0d%0aforged", "unmatched", 404),
        ("GET", "/" + "secret" * 10_000, "unmatched", 404),
    ],
)
async def test_a_line_names_the_route_and_no_part_of_the_address(
    client: httpx.AsyncClient, method: str, path: str, route: str, status: int
) -> None:
    hostile = {"x-request-id": "secret\x1b[31m", "user-agent": "secret", "authorization": "Bearer secret"}
    with capture_logs([merge_contextvars]) as logs:
        await client.request(method, path, headers=hostile)
    assert len(logs) == 1
    assert logs[0].keys() == FIELDS
    assert (logs[0]["method"], logs[0]["route"], logs[0]["status"]) == (method, route, status)
    assert logs[0]["duration_ms"] >= 0
    assert "secret" not in repr(logs)
    assert "forged" not in repr(logs)


async def test_a_method_of_the_caller_s_making_is_other(client: httpx.AsyncClient) -> None:
    with capture_logs([merge_contextvars]) as logs:
        await client.request("FORGED", "/api/v1/things")
    assert logs[0]["method"] == "OTHER"


async def test_the_body_is_not_logged(client: httpx.AsyncClient) -> None:
    with capture_logs([merge_contextvars]) as logs:
        await client.post("/api/v1/things", json={"name": "secret", "password": "secret"})
    assert logs[0]["status"] == 400
    assert "secret" not in repr(logs)


async def test_a_known_caller_is_named_by_ids() -> None:
    edge = EdgeSettings(version="1")
    app = create_app(routes=THINGS, container=container_with(), edge=edge, middleware=[AsAda()])
    async with client_of(app) as client:
        with capture_logs([merge_contextvars]) as logs:
            await client.get("/api/v1/things")
    assert (logs[0]["tenant_id"], logs[0]["user_id"]) == (str(ADA.tenant), str(ADA.user))


async def test_the_request_id_of_the_answer_is_in_the_line(client: httpx.AsyncClient) -> None:
    with capture_logs([merge_contextvars]) as logs:
        answer = await client.get("/api/v1/things")
    assert logs[0]["request_id"] == answer.headers["x-request-id"]


async def test_who_called_just_before_on_the_same_connection_is_not_in_the_line(client: httpx.AsyncClient) -> None:
    bind_contextvars(tenant_id="another", user_id="another")
    with capture_logs([merge_contextvars]) as logs:
        await client.get("/api/v1/things")
    assert logs[0].keys() == FIELDS
