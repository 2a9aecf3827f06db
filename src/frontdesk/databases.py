"""Which database each process talks to, and as which role.

- All three URLs set: as they are.
- `DATABASE_URL` alone: an administrator's. The three roles are made in its server; see `prepared`.
- None set: the embedded server that `frontdesk up` runs on the data folder.
"""

import os
import socket
from urllib.parse import unquote, urlsplit

import asyncpg

from frontdesk.refusal import Refusal
from frontdesk.secrets_file import passwords
from frontdesk.settings import Settings
from infra.postgres.embedded import running_url
from infra.postgres.roles import APP, DatabaseUrls, prepare, urls_of

OLDEST_SERVER = 15
_DATABASE = "frontdesk"
_CONNECT_SECONDS = 5


def is_embedded(settings: Settings) -> bool:
    return settings.database_url is None and settings.database_owner_url is None


def is_given(settings: Settings) -> bool:
    """Whether `DATABASE_URL` is of the application's role, the database being somebody else's to prepare."""
    return settings.database_url is not None and not _is_administrators(settings)


def app_url(settings: Settings) -> str:
    """Where the API and the worker serve from. Raise `Refusal` if that is not known."""
    if settings.database_url and not _is_administrators(settings):
        return settings.database_url
    return _derived(settings).app


def relay_url(settings: Settings) -> str:
    """Where the worker claims envelopes. Raise `Refusal` if that is not known."""
    if settings.database_relay_url:
        return settings.database_relay_url
    if settings.database_url and not _is_administrators(settings):
        raise Refusal(f"DATABASE_RELAY_URL must be set beside DATABASE_URL when that is of {APP}.")
    return _derived(settings).relay


def owner_url(settings: Settings) -> str:
    """Where migrations run. Raise `Refusal` if that is not known."""
    if settings.database_owner_url:
        return settings.database_owner_url
    if settings.database_url and not _is_administrators(settings):
        raise Refusal(f"DATABASE_OWNER_URL must be set beside DATABASE_URL when that is of {APP}.")
    return _derived(settings).owner


def server_url(settings: Settings, *, embedded: str | None) -> str:
    """The administrator's address of the server, which is the `embedded` one if there is that. Else raise `Refusal`."""
    if embedded:
        return embedded
    if settings.database_url is None or not _is_administrators(settings):
        raise Refusal(
            "This needs an administrator: set DATABASE_URL to a superuser's address, and neither of the others."
        )
    return settings.database_url


def database_of(url: str) -> str:
    """An administrator's own database is not Frontdesk's: then it is `frontdesk`."""
    named = unquote(urlsplit(url).path.strip("/"))
    return _DATABASE if named in ("", "postgres") else named


async def prepared(settings: Settings, *, server_url: str | None = None) -> DatabaseUrls:
    """Check the database and make or mend its roles, on the embedded `server_url` or where the settings say.

    Raise `Refusal` if it cannot be reached, is too old, or its role may not do that.
    """
    if server_url is None and not _is_administrators(settings):
        return await _checked(settings)
    url, variable = (server_url, "The embedded database") if server_url else (settings.database_url, "DATABASE_URL")
    if url is None:
        raise Refusal("DATABASE_URL is not set.")
    role, may_create_roles = await _look(url, variable)
    if not may_create_roles:
        raise Refusal(
            f"{variable} is of the role {role}, which may not create roles. Give an administrator's, "
            "or set DATABASE_OWNER_URL and DATABASE_RELAY_URL too."
        )
    known = passwords(settings)
    try:
        return await prepare(url, database=database_of(url), passwords=known)
    except asyncpg.PostgresError as error:
        raise Refusal(f"{variable}: the roles could not be prepared: {first_line(error)}") from error


async def reached(settings: Settings) -> str:
    """The role that `DATABASE_URL` connects as. Raise `Refusal` if it does not connect."""
    if settings.database_url is None:
        raise Refusal("DATABASE_URL must be set beside DATABASE_OWNER_URL.")
    role, _ = await _look(settings.database_url, "DATABASE_URL")
    return role


def _is_administrators(settings: Settings) -> bool:
    alone = not settings.database_owner_url and not settings.database_relay_url
    return bool(settings.database_url) and alone and urlsplit(settings.database_url or "").username != APP


def _derived(settings: Settings) -> DatabaseUrls:
    server = settings.database_url or running_url(settings.postgres_folder)
    if server is None:
        raise Refusal(f"DATABASE_URL is not set, and no `frontdesk up` runs on {settings.data_dir}.")
    known = passwords(settings)
    return urls_of(server, database=database_of(server), passwords=known)


async def _checked(settings: Settings) -> DatabaseUrls:
    urls = DatabaseUrls(owner=owner_url(settings), app=app_url(settings), relay=relay_url(settings))
    named = {"DATABASE_OWNER_URL": urls.owner, "DATABASE_URL": urls.app, "DATABASE_RELAY_URL": urls.relay}
    for variable, url in named.items():
        await _look(url, variable)
    return urls


async def _look(url: str, variable: str) -> tuple[str, bool]:
    """The role of `url`, and whether it may create roles."""
    try:
        connection = await asyncpg.connect(url, timeout=_CONNECT_SECONDS)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        raise Refusal(f"{variable}: {_why_not(error, url)}") from error
    try:
        if connection.get_server_version().major < OLDEST_SERVER:
            raise Refusal(f"{variable}: the server is older than PostgreSQL {OLDEST_SERVER}.")
        row = await connection.fetchrow(
            "select rolname, rolsuper or rolcreaterole as may from pg_roles where rolname = current_user"
        )
    finally:
        await connection.close()
    return (row["rolname"], row["may"]) if row else ("", False)


def _why_not(error: Exception, url: str) -> str:
    where = urlsplit(url).netloc.rpartition("@")[2]
    match error:
        case asyncpg.InvalidPasswordError():
            return f"the server at {where} refuses the role's name or password."
        case asyncpg.PostgresError() | asyncpg.InterfaceError():
            return f"the server at {where} refuses the connection: {first_line(error)}"
        case socket.gaierror():
            return f"there is no host {urlsplit(url).hostname}."
        case TimeoutError():
            return f"nothing answers at {where} within {_CONNECT_SECONDS} seconds."
        case OSError():
            return f"nothing answers at {where}: {os.strerror(error.errno) if error.errno else first_line(error)}"
        case _:
            return f"not a usable address: {first_line(error)}"


def first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
