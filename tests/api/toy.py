"""A small application behind the real edge: just enough handlers to be rude to."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, cast
from uuid import UUID

import httpx
from dishka import AsyncContainer, Provider, Scope, make_async_container
from dishka.integrations.litestar import FromDishka
from litestar import Litestar, Response, delete, get, patch, post
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.types import ControllerRouterHandler
from msgspec import UNSET, Meta, UnsetType

from api.access_log import CallWatch
from api.app import create_app
from api.edge import EdgeSettings
from api.etag import IfMatch, created, expected_versions, tagged
from api.health import HealthCheck, Vitals
from api.paging import Cursors, Listing, ListOf
from api.parameters import CursorText, Id, IncludeTotal, Limit, SearchText
from api.problems import problems
from domains.shared.actor import Actor
from domains.shared.errors import (
    AlreadyExists,
    Conflict,
    NotFound,
    TokenExpired,
    Unauthenticated,
    Unavailable,
    VersionConflict,
)
from domains.shared.paging import Page
from domains.shared.permissions import Role
from domains.shared.wire import Command, View

KNOWN = UUID("01920000-0000-7000-8000-000000000001")
ADA = Actor(tenant=UUID(int=1), user=UUID(int=2), account=UUID(int=3), session=UUID(int=4), role=Role.STAFF)
SECRET = b"0123456789abcdef"


class Surprise(Conflict):
    """A refusal that its author forgot to enter in the table."""

    code = "forgotten"
    title = "Forgotten"


Name = Annotated[str, Meta(min_length=1, max_length=20)]


class Address(Command, frozen=True, kw_only=True):
    city: Annotated[str, Meta(max_length=20)]
    zip_code: Annotated[str, Meta(max_length=10)] | None = None


class NewThing(Command, frozen=True, kw_only=True):
    name: Name
    count: Annotated[int, Meta(ge=0, le=1000)] = 0
    weight: float = 0.0
    colour: Literal["red", "blue"] = "red"
    emails: Annotated[tuple[Annotated[str, Meta(max_length=20)], ...], Meta(max_length=3)] = ()
    address: Address | None = None
    custom: Annotated[dict[Name, Name | int], Meta(max_length=5)] = {}


class ChangedThing(Command, frozen=True, kw_only=True):
    name: Name | UnsetType = UNSET
    owner: UUID | UnsetType | None = UNSET


class ThingView(View, frozen=True, kw_only=True):
    id: UUID
    version: int
    name: Name


@post("/things", responses=problems("already_exists"), tags=["Things"])
async def make_thing(data: JSONBody[NewThing]) -> Response[ThingView]:
    """Make a thing.

    Its name is free to choose.
    """
    if data.name == "taken":
        raise AlreadyExists("There is one already.")
    return created(ThingView(id=KNOWN, version=1, name=data.name), location=f"/api/v1/things/{KNOWN}")


@get("/things/{thing_id:str}", tags=["Things"])
async def get_thing(thing_id: Id) -> Response[ThingView]:
    """Show a thing."""
    if thing_id != KNOWN:
        raise NotFound.one("thing")
    return tagged(ThingView(id=thing_id, version=3, name="first"))


@patch("/things/{thing_id:str}", tags=["Things"])
async def change_thing(thing_id: Id, data: JSONBody[ChangedThing], if_match: IfMatch = None) -> Response[ThingView]:
    """Change a thing."""
    expected = expected_versions(if_match)
    if expected is not None and 3 not in expected:
        raise VersionConflict("It was changed in the meantime.")
    name = data.name if isinstance(data.name, str) else "first"
    return tagged(ThingView(id=thing_id, version=4, name=name))


@delete("/things/{thing_id:str}", tags=["Things"])
async def remove_thing(thing_id: Id) -> None:
    """Remove a thing."""


@get("/things", tags=["Things"])
async def list_things(
    cursors: FromDishka[Cursors],
    sort: Annotated[Literal["createdAt", "-createdAt"], QueryParameter()] = "-createdAt",
    search: SearchText = None,
    tags: Annotated[Annotated[list[Name], Meta(max_length=10)] | None, QueryParameter(name="tag")] = None,
    limit: Limit = 20,
    cursor: CursorText = None,
    include_total: IncludeTotal = False,
) -> ListOf[ThingView]:
    """List the things."""
    listing = Listing.of("listThings", ADA, sort=sort, search=search, tags=tags)
    wanted = cursors.wanted(listing, limit=limit, cursor=cursor, include_total=include_total)
    thing = ThingView(id=KNOWN, version=1, name=wanted.sort)
    return cursors.shown(listing, Page(items=[thing], next=("a", "b"), total=1 if include_total else None))


@get("/boom", opt={"public": True}, tags=["Things"])
async def boom() -> None:
    """Fail as no handler should."""
    raise RuntimeError('duplicate key value violates unique constraint "users_email_key"')


@get("/refused/{kind:str}", responses=problems("invalid_credentials"), tags=["Things"])
async def refuse(kind: FromPath[Literal["busy", "stranger", "expired", "surprise"]]) -> None:
    """Refuse in one of several ways."""
    raise {
        "busy": Unavailable("All connections are taken."),
        "stranger": Unauthenticated("Who are you?"),
        "expired": TokenExpired("It was good once."),
        "surprise": Surprise("No table knows this."),
    }[kind]


THINGS: tuple[ControllerRouterHandler, ...] = (
    make_thing,
    get_thing,
    change_thing,
    remove_thing,
    list_things,
    boom,
    refuse,
)


class Uncounted:
    """A `CallWatch` that looks away."""

    def called(self, actor: Actor, *, status: int) -> None:
        """There is nothing to do."""


def container_with(checks: Sequence[HealthCheck] = ()) -> AsyncContainer:
    provider = Provider(scope=Scope.APP)
    provider.provide(lambda: Vitals(*checks, version="1.2.3", patience=0.1), provides=Vitals)
    provider.provide(lambda: Cursors(SECRET), provides=Cursors)
    provider.provide(Uncounted, provides=CallWatch)
    return make_async_container(provider)


def toy_app(edge: EdgeSettings | None = None, checks: Sequence[HealthCheck] = ()) -> Litestar:
    """The edge with toy handlers."""
    return create_app(routes=THINGS, container=container_with(checks), edge=edge or EdgeSettings(version="1.2.3"))


def client_of(app: Litestar) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(cast("Any", app)), base_url="http://testserver")
