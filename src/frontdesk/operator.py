"""What an operator does at the command line, for a tenant or for all, with the worker's parts."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar
from uuid import UUID

import msgspec
from dishka import AsyncContainer

from domains.shared.clock import Clock
from domains.shared.errors import DomainError
from frontdesk import databases
from frontdesk.callers import Caller
from frontdesk.container import worker_container
from frontdesk.databases import relay_url
from frontdesk.ingredients import ingredients_of
from frontdesk.preparation import prepared_database
from frontdesk.refusal import Refusal
from frontdesk.settings import Settings
from infra.postgres.clock import BusinessClock
from infra.postgres.database import Database
from infra.postgres.recording import Origin

Result = TypeVar("Result")

_NO_SERVER = "smtp://127.0.0.1:1"


class Operator:
    """`relaying` sees which tenants have something waiting, and what its id is; nothing else of them."""

    def __init__(self, container: AsyncContainer, relaying: Database) -> None:
        self.relaying = relaying
        self._container = container

    @asynccontextmanager
    async def within(self, tenant: UUID) -> AsyncIterator[AsyncContainer]:
        """The parts for one tenant."""
        caller = Caller(tenant=tenant, origin=Origin("operator"))
        async with self._container(context={Caller: caller, Clock: await self._container.get(BusinessClock)}) as scope:
            yield scope


def operate(settings: Settings, doing: Callable[[Operator], Awaitable[Result]]) -> Result:
    """Do it, on the database of the settings. A refusal of the domain is one of the command."""
    if databases.is_given(settings):
        return asyncio.run(_operate(settings, doing))
    with prepared_database(settings) as urls:
        settings = msgspec.structs.replace(settings, database_url=urls.app, database_relay_url=urls.relay)
        return asyncio.run(_operate(settings, doing))


async def _operate(settings: Settings, doing: Callable[[Operator], Awaitable[Result]]) -> Result:
    made_of = ingredients_of(msgspec.structs.replace(settings, smtp_url=settings.smtp_url or _NO_SERVER))
    container, relaying = worker_container(made_of), Database(relay_url(settings), size=1)
    try:
        return await doing(Operator(container, relaying))
    except DomainError as refusal:
        raise Refusal(refusal.detail) from None
    finally:
        await relaying.close()
        await container.close()
