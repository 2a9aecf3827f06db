"""Whole databases of one server: made aside, put in another's place in one step, removed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

_MAINTENANCE = ("postgres", "template1")
_ONE_AT_A_TIME = 7_061_726
_PATIENCE_SECONDS = 3
_TICK = 0.1


class NotPossible(Exception):
    """What was asked of the server cannot be done. The message is one line."""


def address(server_url: str, database: str) -> str:
    """The same role's address of another database of the server."""
    return urlunsplit(urlsplit(server_url)._replace(path=f"/{quote(database, safe='')}"))


class Exchange:
    """The server of one database, as its administrator; others wait outside meanwhile, see `exchange_on`."""

    def __init__(self, administrator: asyncpg.Connection, ender: asyncpg.Connection) -> None:
        self._administrator = administrator
        self._ender = ender

    @property
    def server(self) -> int:
        """The server's major version."""
        return int(self._administrator.get_server_version().major)

    async def may_do_all(self) -> bool:
        """Whether the role is a superuser, whom row-level security does not stop."""
        asked = "select rolsuper from pg_roles where rolname = current_user"
        return bool(await self._administrator.fetchval(asked))

    async def exists(self, database: str) -> bool:
        asked = "select exists (select from pg_database where datname = $1)"
        return bool(await self._administrator.fetchval(asked, database))

    async def remove(self, database: str) -> None:
        await self._administrator.execute(f"drop database if exists {_quoted(database)} with (force)")

    async def put_in_place(self, new: str, *, of: str, former: str) -> None:
        """Give the database `new` the name `of`, and what has that name the name `former`: both or neither.

        Sessions in it are ended. Who comes meanwhile waits, and then meets the new one.
        """
        renaming = asyncio.create_task(self._rename(new, of=of, former=former))
        while not renaming.done():
            await self._end_sessions(of)
            await asyncio.wait({renaming}, timeout=_TICK)
        await renaming

    async def _rename(self, new: str, *, of: str, former: str) -> None:
        async with self._administrator.transaction():
            if await self.exists(of):
                # It holds newcomers off from here on, and waits up to 5 s for those who are inside.
                await self._administrator.execute(f"alter database {_quoted(of)} rename to {_quoted(former)}")
            await self._administrator.execute(f"alter database {_quoted(new)} rename to {_quoted(of)}")

    async def _end_sessions(self, database: str) -> None:
        await self._ender.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", database)


@asynccontextmanager
async def exchange_on(server_url: str) -> AsyncIterator[Exchange]:
    """Raise `NotPossible` while another process does the same, or if the server cannot be reached."""
    async with _connection(server_url) as administrator, _connection(server_url) as ender:
        await _be_alone(administrator)
        yield Exchange(administrator, ender)


@asynccontextmanager
async def _connection(server_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await _connected(server_url)
    try:
        yield connection
    finally:
        await connection.close()


async def _be_alone(administrator: asyncpg.Connection) -> None:
    """Wait a little for one that was killed: the server ends its session when it has ended its statement."""
    try:
        await administrator.execute(f"set lock_timeout = '{_PATIENCE_SECONDS}s'")
        await administrator.execute(f"select pg_advisory_lock({_ONE_AT_A_TIME})")
        await administrator.execute("reset lock_timeout")
    except asyncpg.LockNotAvailableError:
        raise NotPossible("Another restore is under way.") from None


async def _connected(server_url: str) -> asyncpg.Connection:
    for database in _MAINTENANCE:
        try:
            return await asyncpg.connect(address(server_url, database))
        except asyncpg.InvalidCatalogNameError:
            continue
    raise NotPossible(f"The server has none of the databases {', '.join(_MAINTENANCE)}.")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
