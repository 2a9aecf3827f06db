"""All that a database holds, as one stream of bytes, and back again."""

import asyncio
import subprocess
from collections.abc import Callable, Iterable

import asyncpg
import msgspec

from infra.postgres.programs import ProgramFailed, find, running

_CHUNK = 1 << 20
_PATIENT = {"statement_timeout": "0", "lock_timeout": "0", "idle_in_transaction_session_timeout": "0"}
# With it off, a query that row-level security would cut down to a part of the rows fails instead.
_WHOLE = {"row_security": "off"}
_TABLES = """
    select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and c.relpersistence = 'p' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and not exists (select from pg_depend d
                    where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype = 'e')
    order by 1
"""
_REVISION_TABLE = "public.alembic_version"
# What migrations themselves fill.
_OF_THE_SCHEMA = frozenset({_REVISION_TABLE, "saq.saq_versions", "work.clock", "work.zone_rules"})


class Content(msgspec.Struct, frozen=True):
    """What a database holds: its migration (None for one without a schema), the rows of each table.

    `server` is its server's major version.
    """

    server: int
    revision: str | None
    rows: dict[str, int]

    @property
    def is_empty(self) -> bool:
        """Whether nobody has put anything in; that a schema is there does not count."""
        return not any(count for table, count in self.rows.items() if table not in _OF_THE_SCHEMA)


async def dump(url: str, write: Callable[[bytes], object]) -> Content:
    """Hand all of the database to `write`, as it is at one moment, and say what that was.

    Raise `ProgramFailed` for a role that row-level security would show a part only.
    """
    connection = await asyncpg.connect(url, server_settings={**_PATIENT, **_WHOLE})
    try:
        await connection.execute("begin isolation level repeatable read read only")
        moment = await connection.fetchval("select pg_export_snapshot()")
        found = await _content(connection)
        await _dump(url, moment, found.server, write)
    except asyncpg.InsufficientPrivilegeError as error:
        why = str(error).splitlines()[0]
        raise ProgramFailed(f"The role may not see everything, as a superuser may: {why}.") from error
    finally:
        await connection.close()
    return found


async def content(url: str) -> Content:
    connection = await asyncpg.connect(url, server_settings={**_PATIENT, **_WHOLE})
    try:
        return await _content(connection)
    finally:
        await connection.close()


async def fill(url: str, chunks: Iterable[bytes], *, server: int) -> None:
    """Put what `dump` gave into the prepared database of `url`, on a server of the major version `server`."""
    program = find("pg_restore", at_least=server)
    with running(program, ["--exit-on-error"], url, given=subprocess.PIPE) as child:
        await _beside(child, lambda: _feed(child, chunks))


async def analyse(url: str) -> None:
    """Have the planner know the tables."""
    connection = await asyncpg.connect(url, server_settings=_PATIENT)
    try:
        await connection.execute("analyze")
    finally:
        await connection.close()


async def _dump(url: str, moment: str, server: int, write: Callable[[bytes], object]) -> None:
    program = find("pg_dump", at_least=server)
    with running(program, ["--format=custom", f"--snapshot={moment}"], url, output=subprocess.PIPE) as child:
        await _beside(child, lambda: _drain(child, write))


async def _beside(child: subprocess.Popen[bytes], talk: Callable[[], None]) -> None:
    """Talk with the program in a thread. Cancelled, the program is killed, so that the thread ends too."""
    talking = asyncio.ensure_future(asyncio.to_thread(talk))
    try:
        await asyncio.shield(talking)
    except asyncio.CancelledError:
        child.kill()
        await asyncio.wait({talking})
        raise


def _drain(child: subprocess.Popen[bytes], write: Callable[[bytes], object]) -> None:
    while child.stdout and (chunk := child.stdout.read(_CHUNK)):
        write(chunk)
    child.wait()


def _feed(child: subprocess.Popen[bytes], chunks: Iterable[bytes]) -> None:
    if child.stdin is None:
        raise TypeError("no pipe")
    try:
        with child.stdin as pipe:
            for chunk in chunks:
                pipe.write(chunk)
    except BrokenPipeError:
        return
    child.wait()


async def _content(connection: asyncpg.Connection) -> Content:
    tables = [str(row[0]) for row in await connection.fetch(_TABLES)]
    rows = {table: int(await connection.fetchval(f"select count(*) from {table}")) for table in tables}  # noqa: S608 - names from the catalogue, quoted by the server
    has_revision = _REVISION_TABLE in tables
    revision = await connection.fetchval("select version_num from public.alembic_version") if has_revision else None
    return Content(connection.get_server_version().major, revision, rows)
