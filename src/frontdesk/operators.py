"""The operators' desk: use cases over the database's owner, for commands that look after tenants."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import msgspec
from dishka import AsyncContainer, Provider, Scope, provide

from domains.shared.clock import Clock
from frontdesk.callers import Caller
from frontdesk.container import worker_container
from frontdesk.databases import owner_url
from frontdesk.ingredients import Ingredients, ingredients_of
from frontdesk.operating import BY_OPERATOR
from frontdesk.settings import Settings
from infra.postgres.access_feed import OthersTold
from infra.postgres.access_watch import AccessWatch
from infra.postgres.clock import BusinessClock

_NO_SERVER = "smtp://127.0.0.1:1"
_CONNECTIONS = 3


class _Telling(Provider):
    """Who changes access from here tells those who let people in."""

    access = provide(OthersTold, provides=AccessWatch, scope=Scope.APP)


@asynccontextmanager
async def operators_desk(settings: Settings) -> AsyncIterator[AsyncContainer]:
    """The parts of a worker, over the owner's connection. Nothing here sends letters: the worker does."""
    made_of = ingredients_of(msgspec.structs.replace(settings, smtp_url=settings.smtp_url or _NO_SERVER))
    async with desk_over(made_of, owner_url(settings)) as desk:
        yield desk


@asynccontextmanager
async def desk_over(made_of: Ingredients, url: str) -> AsyncIterator[AsyncContainer]:
    made_of = msgspec.structs.replace(made_of, database_url=url, pool_size=_CONNECTIONS)
    container = worker_container(made_of, None, _Telling())
    try:
        yield container
    finally:
        await container.close()


@asynccontextmanager
async def at_work(desk: AsyncContainer, tenant: UUID | None = None) -> AsyncIterator[AsyncContainer]:
    """The parts for one task, noted as the operator's."""
    caller = Caller(tenant=tenant, origin=BY_OPERATOR)
    async with desk(context={Clock: await desk.get(BusinessClock), Caller: caller}) as scope:
        yield scope
