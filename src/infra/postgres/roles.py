"""The database's roles, and a database that belongs to the one that may change it.

`frontdesk_owner` migrates, `frontdesk_app` serves, `frontdesk_relay` claims envelopes, `frontdesk_search` owns the
search functions and cannot log in. None is a superuser or bypasses row-level security, the last three own no table.
"""

from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg
import msgspec

OWNER = "frontdesk_owner"
APP = "frontdesk_app"
RELAY = "frontdesk_relay"
SEARCH = "frontdesk_search"

_ONE_AT_A_TIME = 7_061_724
_SERVING_LIMITS = {
    "statement_timeout": "5s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "5s",
}
_POWERLESS = "nosuperuser nobypassrls noreplication nocreatedb nocreaterole"
_OTHERS_QUERIES = (
    "pg_stat_get_activity(integer)",
    "pg_stat_get_backend_activity(integer)",
    "pg_stat_get_backend_client_addr(integer)",
)


class Passwords(msgspec.Struct, frozen=True):
    """One password for each role that can log in."""

    owner: str
    app: str
    relay: str


class DatabaseUrls(msgspec.Struct, frozen=True):
    """Where each role connects: `postgresql://role:password@host:port/database`."""

    owner: str
    app: str
    relay: str


async def prepare(admin_url: str, *, database: str, passwords: Passwords) -> DatabaseUrls:
    """Make or mend the roles and the database, and say where each role connects.

    `admin_url` must be of a role that may create roles and databases. Safe to repeat: passwords and settings are set
    anew, an existing database is handed to `frontdesk_owner`. Only a superuser can take away power that a role has come
    by, and hide the statements of others (`pg_stat_activity`).
    """
    admin = await asyncpg.connect(admin_url)
    try:
        await admin.execute(f"select pg_advisory_lock({_ONE_AT_A_TIME})")
        await _make_roles(admin, passwords)
        await _make_database(admin, database)
    finally:
        await admin.close()
    inside = await asyncpg.connect(_in_database(admin_url, database))
    try:
        await _close_to_the_public(inside, database)
    finally:
        await inside.close()
    return urls_of(admin_url, database=database, passwords=passwords)


def urls_of(server_url: str, *, database: str, passwords: Passwords) -> DatabaseUrls:
    """The roles' addresses on the server of `server_url`, its other parts (host, port, options) kept."""
    return DatabaseUrls(
        owner=_as_role(server_url, database, OWNER, passwords.owner),
        app=_as_role(server_url, database, APP, passwords.app),
        relay=_as_role(server_url, database, RELAY, passwords.relay),
    )


async def _make_roles(admin: asyncpg.Connection, passwords: Passwords) -> None:
    logins = {OWNER: passwords.owner, APP: passwords.app, RELAY: passwords.relay}
    for role, password in logins.items():
        await _make_role(admin, role)
        await _run(admin, "alter role %I login password %L", role, password)
    await _make_role(admin, SEARCH)
    await _run(admin, "grant %I to %I", SEARCH, OWNER)
    for role in (APP, RELAY):
        for setting, value in _SERVING_LIMITS.items():
            await _run(admin, "alter role %I set %I = %L", role, setting, value)
    if not await _is_superuser(admin):
        await _run(admin, "grant %I to current_user", OWNER)


async def _make_role(admin: asyncpg.Connection, role: str) -> None:
    if not await admin.fetchval("select exists (select from pg_roles where rolname = $1)", role):
        await _run(admin, "create role %I nologin nocreatedb nocreaterole", role)
    if await _is_superuser(admin):
        await _run(admin, f"alter role %I {_POWERLESS}", role)


async def _make_database(admin: asyncpg.Connection, database: str) -> None:
    if await admin.fetchval("select exists (select from pg_database where datname = $1)", database):
        await _run(admin, "alter database %I owner to %I", database, OWNER)
    else:
        await _run(admin, "create database %I owner %I encoding 'UTF8' template template0", database, OWNER)


async def _close_to_the_public(inside: asyncpg.Connection, database: str) -> None:
    await _run(inside, "revoke all on database %I from public", database)
    await _run(inside, "grant connect on database %I to %I, %I", database, APP, RELAY)
    await inside.execute("revoke all on schema public from public")
    if await _is_superuser(inside):
        await inside.execute("revoke all on pg_stat_activity from public")
        for function in _OTHERS_QUERIES:
            await inside.execute(f"revoke all on function pg_catalog.{function} from public")


async def _is_superuser(connection: asyncpg.Connection) -> bool:
    return bool(await connection.fetchval("select rolsuper from pg_roles where rolname = current_user"))


async def _run(connection: asyncpg.Connection, template: str, *values: str) -> None:
    """Run a statement that takes no parameters, its identifiers (%I) and literals (%L) quoted by the server."""
    places = ", ".join(f"${number}::text" for number in range(2, len(values) + 2))
    await connection.execute(await connection.fetchval(f"select format($1, {places})", template, *values))


def _as_role(server_url: str, database: str, role: str, password: str) -> str:
    parts = urlsplit(server_url)
    host = parts.netloc.rpartition("@")[2]
    netloc = f"{role}:{quote(password, safe='')}@{host}"
    return urlunsplit(parts._replace(netloc=netloc, path=f"/{quote(database, safe='')}"))


def _in_database(server_url: str, database: str) -> str:
    return urlunsplit(urlsplit(server_url)._replace(path=f"/{quote(database, safe='')}"))
