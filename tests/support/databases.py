"""Databases for tests: one is migrated, the others are copies of it."""

import asyncio
import itertools
import os
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import msgspec

from infra.postgres.migrate import upgrade
from infra.postgres.roles import OWNER, DatabaseUrls, Passwords, prepare, urls_of

PASSWORDS = Passwords("owner-of-tests", "app-of-tests", "relay-of-tests")
_numbers = itertools.count(1)


class TestDatabase(msgspec.Struct, frozen=True):
    """A migrated database: each role's address, and an administrator's, who sees all tenants."""

    __test__ = False

    admin: str
    owner: str
    app: str
    relay: str


class Databases:
    """Makes databases on one server, by copying a template that is migrated once.

    `TEST_TEMPLATE` names one at `DATABASE_URL` that is migrated already: `make faults` has one for hundreds of runs.
    """

    def __init__(self, admin_url: str) -> None:
        self._admin_url = admin_url
        self._prefix = prefix_of(os.getpid())
        given = os.environ.get("TEST_TEMPLATE") if admin_url == os.environ.get("DATABASE_URL") else None
        self._template = given or f"{self._prefix}_template"
        self._is_migrated = given is not None

    async def new(self) -> TestDatabase:
        """A fresh, migrated, empty database."""
        await self.template()
        name = f"{self._prefix}_{next(_numbers)}"
        await self._copy(name)
        return self._of(urls_of(self._admin_url, database=name, passwords=PASSWORDS), name)

    async def empty(self) -> TestDatabase:
        """A prepared database without a schema."""
        name = f"{self._prefix}_{next(_numbers)}"
        return self._of(await prepare(self._admin_url, database=name, passwords=PASSWORDS), name)

    async def template(self) -> str:
        """The name of the template, migrated."""
        if not self._is_migrated:
            urls = await prepare(self._admin_url, database=self._template, passwords=PASSWORDS)
            await asyncio.to_thread(upgrade, urls.owner)
            self._is_migrated = True
        return self._template

    async def _copy(self, name: str) -> None:
        admin = await asyncpg.connect(self._admin_url)
        try:
            await admin.execute(f'create database "{name}" owner {OWNER} template "{self._template}"')
            await admin.execute(f'revoke all on database "{name}" from public')
            await admin.execute(f'grant connect on database "{name}" to frontdesk_app, frontdesk_relay')
        finally:
            await admin.close()

    def _of(self, urls: DatabaseUrls, name: str) -> TestDatabase:
        admin = urlunsplit(urlsplit(self._admin_url)._replace(path=f"/{name}"))
        return TestDatabase(admin=admin, owner=urls.owner, app=urls.app, relay=urls.relay)


def prefix_of(process: int) -> str:
    """How the names of the databases begin that a process makes."""
    return f"test_{process}"


async def rows(url: str, statement: str, *values: object) -> list[asyncpg.Record]:
    """Run one statement and give its rows."""
    connection = await asyncpg.connect(url)
    try:
        return list(await connection.fetch(statement, *values))
    finally:
        await connection.close()
