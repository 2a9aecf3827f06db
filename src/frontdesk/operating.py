"""The operators' use cases over the database's owner, and no more than they need: their commands are soon there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from domains.tenants import Operating
from frontdesk.databases import owner_url
from frontdesk.frames import AUDIENCES
from frontdesk.settings import Settings
from frontdesk.subscriptions import SUBSCRIPTIONS
from infra.postgres.access_feed import OthersTold
from infra.postgres.clock import BusinessClock
from infra.postgres.database import Database
from infra.postgres.ending import PostgresEnding
from infra.postgres.recording import Origin
from infra.postgres.streaming import Streaming, nobody
from infra.postgres.tenant_lines import PostgresTenantLines
from infra.postgres.tenants import PostgresTenants
from infra.postgres.work import PostgresWork

BY_OPERATOR = Origin("operator")
_CONNECTIONS = 2


@asynccontextmanager
async def operating(settings: Settings) -> AsyncIterator[Operating]:
    """What is done here is noted as the operator's. Processes that serve are told at once; letters are the worker's."""
    database = Database(owner_url(settings), size=_CONNECTIONS)
    clock = BusinessClock(database)
    try:
        await clock.read()
        work = PostgresWork(database, None, BY_OPERATOR, SUBSCRIPTIONS, clock)
        work.telling(Streaming(AUDIENCES, nobody)).watched_by(OthersTold(database))
        yield Operating(PostgresTenantLines(work), PostgresTenants(work), PostgresEnding(work), clock, work)
    finally:
        await database.close()
