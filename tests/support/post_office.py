"""A worker's parts over a test's database and a mail server: letters are asked for, and delivered."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import asyncpg
from dishka import AsyncContainer, Provider

from domains.identity import Letters
from domains.shared.clock import Clock
from domains.shared.ids import new_id
from domains.shared.limits import RateLimits
from frontdesk.callers import Caller
from frontdesk.container import worker_container
from frontdesk.ingredients import Ingredients
from frontdesk.relaying import relay_over
from infra.postgres.clock import BusinessClock
from infra.postgres.database import Database
from infra.postgres.recording import Origin
from infra.stripe.accounts import PlatformKeys
from tests.support.databases import TestDatabase
from tests.support.house import DATA_KEYS, NO_KEYS
from tests.support.letters import SENDER, TO
from workers.relay import Relay

UNLIMITED = RateLimits.off()


class PostOffice:
    """`send` is what a follow-up does; `work` what the worker does after that."""

    def __init__(self, container: AsyncContainer, relay: Relay, database: TestDatabase) -> None:
        self.container = container
        self.relay = relay
        self.database = database

    async def send(
        self, tenant: UUID, envelope: UUID, template: str = "known_address", *, to: str = TO, **words: str
    ) -> None:
        caller = Caller(tenant=tenant, origin=Origin("test"), envelope=envelope)
        clock = await self.container.get(BusinessClock)
        async with self.container(context={Caller: caller, Clock: clock}) as scope:
            letters = await scope.get(Letters)
            await letters.send(to=to, template=template, words=words or {"tenantName": "Harbor"})

    async def work(self) -> None:
        while await self.relay.once():
            pass

    async def rows(self, statement: str, *values: object) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.database.admin)
        try:
            return list(await connection.fetch(statement, *values))
        finally:
            await connection.close()

    async def states(self, tenant: UUID) -> list[tuple[str, str | None, bool]]:
        """State, what the server told, and whether words are kept, of each letter."""
        found = await self.rows(
            "select state, told, words is not null from letters where tenant_id = $1 order by prepared_at, id", tenant
        )
        return [tuple(row) for row in found]

    async def raised(self, tenant: UUID) -> list[str]:
        found = await self.rows("select state from work.unsettled where tenant_id = $1 order by since", tenant)
        return [row["state"] for row in found]

    async def let_time_pass(self, tenant: UUID) -> None:
        """All that the tenant has waiting for a delivery is due now, and nobody holds it."""
        await self.rows(
            "update work.envelopes set due_at = now(), retry_at = '-infinity'"
            " where tenant_id = $1 and kind in ('letters.deliver', 'inbox.apply')",
            tenant,
        )


@asynccontextmanager
async def post_office(
    database: TestDatabase, smtp_url: str, *more: Provider, stripe: PlatformKeys = NO_KEYS
) -> AsyncIterator[PostOffice]:
    ingredients = Ingredients(
        version="0.0.0-test", database_url=database.app, pool_size=9, secret="a secret of tests, long enough for HS256",
        token_lifetime=3600, smtp_url=smtp_url, mail_from=SENDER, sandbox_mail=Path("nowhere"), files=Path("nowhere"),
        data_keys=DATA_KEYS, inner_allowed=True, stripe=stripe,
    )  # fmt: skip
    container = worker_container(ingredients, None, *more)
    finding = Database(database.relay, size=2)
    try:
        yield PostOffice(container, await relay_over(container, finding), database)
    finally:
        await finding.close()
        await container.close()


def a_tenant() -> tuple[UUID, UUID]:
    """A tenant, reserved only, and an envelope of it."""
    return new_id(), new_id()
