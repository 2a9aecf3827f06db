"""Limits at the edge: what is counted, for whom, and what everybody is told."""

import asyncio
import time
from collections.abc import AsyncIterator
from ipaddress import ip_network
from typing import Any

import httpx
import pytest
from dishka import AsyncContainer, Provider, Scope, make_async_container
from litestar import get, post, websocket
from litestar.connection import WebSocket
from litestar.enums import ScopeType
from litestar.exceptions import WebSocketDisconnect
from litestar.middleware import ASGIMiddleware
from litestar.testing import TestClient
from litestar.types import ASGIApp, Receive, Send
from litestar.types import Scope as RequestScope

from api.access_log import ACTOR_KEY, CallWatch
from api.app import create_app
from api.edge import EdgeSettings
from api.health import Vitals
from api.operations_served import BASE_PATH, operations_of
from domains.shared.actor import Actor
from domains.shared.errors import InvalidCredentials, Unauthenticated
from domains.shared.ids import new_id
from domains.shared.limits import LimitName, Rate, RateLimiter, RateLimits
from domains.shared.permissions import Role
from frontdesk.asgi import application
from infra.limits.memory import MemoryLimits
from tests.api.toy import container_with

LIMITS = RateLimits(
    {
        LimitName.ANONYMOUS: (Rate(10, 60),),
        LimitName.CALLER: (Rate(20, 60), Rate(30, 3600)),
        LimitName.AUTH: (Rate(3, 60),),
        LimitName.LOGIN: (Rate(3, 60),),
        LimitName.SOCKET: (Rate(2, 60),),
    }
)
EDGE = EdgeSettings(version="1.2.3", rate_limits=LIMITS, trusted_proxies=(ip_network("10.0.0.0/8"),))
ADA, BOB = new_id(), new_id()
USED_UP = {
    "delete /public/bookings/{token}",
    "delete /public/holds/{token}",
    "delete /public/waiting-list/{token}",
    "post /public/quotes/{token}/accept",
    "post /public/quotes/{token}/reject",
    "post /public/waiting-list/{token}/accept",
    "post /public/waiting-list/{token}/decline",
}
"""What a link does once: the limit of all that strangers ask is enough."""


class NamedUsers(ASGIMiddleware):
    """Believes whoever says a user's id."""

    scopes = (ScopeType.HTTP, ScopeType.WEBSOCKET)
    exclude_opt_key = "public"

    async def handle(self, scope: RequestScope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        said = dict(scope["headers"]).get(b"authorization", b"").decode()
        user = {"ada": ADA, "bob": BOB}.get(said)
        if user is None:
            raise Unauthenticated("Who are you?")
        scope["state"][ACTOR_KEY] = Actor(tenant=user, user=user, account=user, session=user, role=Role.STAFF)
        await next_app(scope, receive, send)


@get("/mine")
async def mine() -> None:
    """Needs a user."""


@get("/open", opt={"public": True})
async def open_to_all() -> None:
    """Needs nobody."""


@post("/reset", opt={"public": True, "limit": LimitName.AUTH}, status_code=202)
async def reset() -> None:
    """Has a limit of its own."""


@post("/login", opt={"public": True, "limit": LimitName.LOGIN}, status_code=200)
async def log_in(scope: RequestScope) -> None:
    """Only failures are limited."""
    await asyncio.sleep(0)
    if (b"password", b"right") not in scope["headers"]:
        raise InvalidCredentials("No.")


@websocket("/ws", opt={"limit": LimitName.SOCKET})
async def ws(socket: WebSocket[Any, Any, Any]) -> None:
    await socket.accept()
    await socket.close()


class Uncounted:
    """A `CallWatch` that lets all pass by."""

    def called(self, actor: Actor, *, status: int) -> None: ...


def container() -> AsyncContainer:
    provider, limiter = Provider(scope=Scope.APP), MemoryLimits()
    provider.provide(lambda: Vitals(version="1.2.3"), provides=Vitals)
    provider.provide(lambda: limiter, provides=RateLimiter)
    provider.provide(Uncounted, provides=CallWatch)
    return make_async_container(provider)


def limited_app(edge: EdgeSettings = EDGE) -> Any:
    routes = [mine, open_to_all, reset, log_in, ws]
    return create_app(routes=routes, container=container(), edge=edge, middleware=[NamedUsers()])


def client_of(app: Any, address: str = "203.0.113.7", user: str | None = None) -> httpx.AsyncClient:
    headers = {"Authorization": user} if user else {}
    transport = httpx.ASGITransport(app, client=(address, 50000))
    return httpx.AsyncClient(transport=transport, base_url="http://testserver/api/v1", headers=headers)


@pytest.fixture
def app() -> Any:
    return limited_app()


@pytest.fixture
async def client(app: Any) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as client:
        yield client


async def statuses(client: httpx.AsyncClient, path: str, times: int, method: str = "GET", **more: Any) -> list[int]:
    return [(await client.request(method, path, **more)).status_code for _ in range(times)]


def assert_refused(answer: httpx.Response, *, most: int, within: int = 60) -> None:
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["status"]) == (429, "rate_limited", 429)
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert within - 5 <= problem["retryAfter"] == int(answer.headers["retry-after"]) <= within
    assert (answer.headers["x-ratelimit-limit"], answer.headers["x-ratelimit-remaining"]) == (str(most), "0")
    assert abs(int(answer.headers["x-ratelimit-reset"]) - time.time() - within) < 5
    assert "x-request-id" in answer.headers


async def test_two_hundred_at_once_get_exactly_ten(client: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(client.get("/open") for _ in range(200)))
    assert [answer.status_code for answer in answers].count(200) == 10
    assert_refused(next(answer for answer in answers if answer.status_code != 200), most=10)


async def test_every_answer_says_what_is_left(client: httpx.AsyncClient) -> None:
    for left in (9, 8, 7):
        answer = await client.get("/open")
        assert (answer.headers["x-ratelimit-limit"], answer.headers["x-ratelimit-remaining"]) == ("10", str(left))
        assert 0 <= int(answer.headers["x-ratelimit-reset"]) - time.time() <= 61
        assert "retryAfter" not in answer.text


@pytest.mark.parametrize(
    ("path", "method", "headers", "status"),
    [
        ("/nowhere", "GET", {}, 404),
        ("/nowhere", "GET", {"Authorization": "nobody"}, 404),
        ("/nowhere", "GET", {"Authorization": "ada"}, 404),
        ("/mine", "GET", {}, 401),
        ("/mine", "GET", {"Authorization": "nobody"}, 401),
        ("/mine", "DELETE", {}, 405),
        ("/open?unknown=1", "GET", {}, 400),
        ("/open", "HEAD", {"Authorization": "nobody"}, 200),
        ("/health/nowhere", "GET", {}, 404),
    ],
)
async def test_whatever_comes_of_it_it_counts(
    client: httpx.AsyncClient, path: str, method: str, headers: dict[str, str], status: int
) -> None:
    answered = await statuses(client, path, 12, method, headers=headers)
    assert answered == [status] * 10 + [429] * 2
    assert_refused(await client.get("/open"), most=10)


async def test_what_a_refused_head_gets_has_no_body(client: httpx.AsyncClient) -> None:
    await statuses(client, "/open", 10)
    answer = await client.head("/nowhere")
    assert (answer.status_code, answer.content) == (429, b"")


async def test_users_are_counted_by_user_wherever_they_call_from(app: Any) -> None:
    async with client_of(app, "203.0.113.7", "ada") as here, client_of(app, "203.0.113.8", "ada") as there:
        assert await statuses(here, "/mine", 10) == [200] * 10
        assert await statuses(there, "/mine", 12) == [200] * 10 + [429] * 2
        assert_refused(await here.get("/mine"), most=20)
    async with client_of(app, "203.0.113.7", "bob") as other:
        assert await statuses(other, "/mine", 5) == [200] * 5


async def test_a_network_that_is_used_up_does_not_stop_its_users(app: Any) -> None:
    async with client_of(app) as stranger, client_of(app, user="ada") as user:
        assert await statuses(stranger, "/mine", 12) == [401] * 10 + [429] * 2
        assert (await user.get("/mine")).status_code == 200


async def test_the_hour_counts_as_well_as_the_minute() -> None:
    app = limited_app(
        EdgeSettings(version="1", rate_limits=RateLimits({LimitName.CALLER: (Rate(9, 60), Rate(5, 3600))}))
    )
    async with client_of(app, user="ada") as client:
        assert await statuses(client, "/mine", 7) == [200] * 5 + [429] * 2
        assert_refused(await client.get("/mine"), most=5, within=3600)


async def test_a_route_with_a_limit_of_its_own(app: Any, client: httpx.AsyncClient) -> None:
    first = await client.post("/reset")
    assert (first.headers["x-ratelimit-limit"], first.headers["x-ratelimit-remaining"]) == ("3", "2")
    assert await statuses(client, "/reset", 4, "POST") == [202] * 2 + [429] * 2
    assert_refused(await client.post("/reset"), most=3)
    assert (await client.get("/open")).headers["x-ratelimit-remaining"] == "6"
    async with client_of(app, "203.0.113.8") as elsewhere:
        assert (await elsewhere.post("/reset")).status_code == 202


async def test_of_logins_only_failures_count(client: httpx.AsyncClient) -> None:
    right = {"password": "right"}
    assert await statuses(client, "/login", 4, "POST", headers=right) == [200] * 4
    assert await statuses(client, "/login", 5, "POST") == [401] * 3 + [429] * 2
    assert await statuses(client, "/login", 1, "POST", headers=right) == [429]


async def test_failures_at_once_do_not_slip_through(client: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(client.post("/login") for _ in range(50)))
    assert [answer.status_code for answer in answers].count(401) == 3


@pytest.mark.parametrize("path", ["/health", "/health/live", "/health/ready", "/docs", "/openapi.json"])
async def test_health_and_documents_are_outside(client: httpx.AsyncClient, path: str) -> None:
    assert await statuses(client, "/open", 11) == [200] * 10 + [429]
    answers = [await client.get(path) for _ in range(12)]
    assert {answer.status_code for answer in answers} == {200}
    assert not any(name.startswith("x-ratelimit") for answer in answers for name in answer.headers)


async def test_forged_headers_give_no_new_allowance(client: httpx.AsyncClient) -> None:
    def forged(number: int) -> dict[str, str]:
        address = f"198.51.100.{number}"
        return {"X-Forwarded-For": address, "X-Real-IP": address, "Forwarded": f"for={address}"}

    answers = [await client.get("/open", headers=forged(number)) for number in range(12)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 2


async def test_behind_a_proxy_its_callers_are_counted_apart(app: Any) -> None:
    async with client_of(app, "10.1.2.3") as proxy:
        first = [await proxy.get("/open", headers={"X-Forwarded-For": f"{n}, 198.51.100.1"}) for n in range(11)]
        assert [answer.status_code for answer in first] == [200] * 10 + [429]
        assert (await proxy.get("/open", headers={"X-Forwarded-For": "198.51.100.2"})).status_code == 200


async def test_an_ipv6_caller_is_counted_by_its_first_64_bits(app: Any) -> None:
    for number in range(10):
        async with client_of(app, f"2001:db8:0:1::{number:x}") as client:
            assert (await client.get("/open")).status_code == 200
    async with client_of(app, "2001:db8:0:1:ffff::1") as neighbour, client_of(app, "2001:db8:0:2::1") as other:
        assert (await neighbour.get("/open")).status_code == 429
        assert (await other.get("/open")).status_code == 200


async def test_without_limits_nothing_is_counted_or_told() -> None:
    async with client_of(limited_app(EdgeSettings(version="1"))) as client:
        answers = [await client.get(path) for path in ("/open", "/nowhere", "/mine") for _ in range(30)]
    assert {answer.status_code for answer in answers} == {200, 404, 401}
    assert not any(name.startswith("x-ratelimit") for answer in answers for name in answer.headers)


def test_sockets_count_when_they_open(app: Any) -> None:
    with TestClient(app) as client:
        headers = {"Authorization": "ada"}
        for _ in range(2):
            with client.websocket_connect("/api/v1/ws", headers=headers):
                pass
        with pytest.raises(WebSocketDisconnect) as refused, client.websocket_connect("/api/v1/ws", headers=headers):
            pass
    assert (refused.value.code, refused.value.detail) == (4429, "rate_limited")


def test_whatever_strangers_change_more_than_once_has_a_limit_of_its_own() -> None:
    operations = operations_of(application(container_with(), EDGE, with_sandbox=False))
    of_strangers = {
        f"{each.method} {each.path.removeprefix(BASE_PATH)}": each.handler.opt
        for each in operations
        if each.is_public and each.method != "get"
    }
    assert of_strangers["post /public/invoices/{token}/pay"]["limit"] is LimitName.AUTH
    assert {name for name, opt in of_strangers.items() if not opt.keys() & {"limit", "failures_only"}} == USED_UP
