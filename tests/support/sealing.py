"""Sealing of the audit log in tests: by the real sealer, as the role that it has."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from infra.postgres.audit_log import PostgresSeals
from infra.postgres.database import Database
from tests.support.databases import TestDatabase
from workers.sealer import Sealer


@asynccontextmanager
async def seals_of(database: TestDatabase) -> AsyncIterator[PostgresSeals]:
    """The chains of all tenants, as the relay's role reaches them."""
    relaying = Database(database.relay, size=3)
    try:
        yield PostgresSeals(relaying)
    finally:
        await relaying.close()


async def seal_all(database: TestDatabase) -> None:
    """Seal what was committed so far."""
    async with seals_of(database) as seals:
        sealer = Sealer(seals)
        while await sealer.once():
            pass
