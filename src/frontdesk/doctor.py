"""`frontdesk doctor`: what is configured, what runs on a stand-in, what is wrong. It changes nothing."""

import asyncio
import socket
from collections.abc import Iterator
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import msgspec
from sqlalchemy.exc import DBAPIError

from frontdesk import databases, invariants, zone_rules
from frontdesk.migrating import revision
from frontdesk.refusal import Refusal
from frontdesk.settings import Settings
from infra.files.room import LEAST_BYTES, place_of, room_in
from infra.postgres import migrate
from infra.postgres.binaries import bundled, choose, installed
from infra.postgres.data_folder import locate
from infra.postgres.embedded import running_url
from infra.postgres.exchange import address
from infra.postgres.server_failed import ServerFailed
from infra.processes import instead_of_root


class State(StrEnum):
    """`STAND_IN` works, but only for development: nothing real is behind it."""

    OK = "ok"
    STAND_IN = "stand-in"
    WRONG = "wrong"


class Finding(msgspec.Struct, frozen=True):
    about: str
    state: State
    what: str


def examine() -> list[Finding]:
    """All findings, in the order in which one would put things right."""
    try:
        settings = Settings.load()
    except Refusal as refusal:
        return [Finding("settings", State.WRONG, line) for line in str(refusal).splitlines()]
    return [
        Finding("settings", State.OK, f"{settings.environment.value}, read without fault"),
        *_folders(settings),
        *_database(settings),
        _secret(settings),
        _data_key(settings),
        _mail(settings),
        _cards(settings),
        _limits(settings),
        _address(settings),
        _port(settings),
    ]


def _folders(settings: Settings) -> Iterator[Finding]:
    yield _folder("data folder", settings.data_dir)
    if not settings.files_dir.is_relative_to(settings.data_dir):
        yield _folder("files", settings.files_dir)


def _folder(about: str, folder: Path) -> Finding:
    try:
        free = room_in(folder)
    except OSError as error:
        return Finding(about, State.WRONG, f"{folder}: {place_of(folder)} cannot be written to: {error.strerror}")
    if free < LEAST_BYTES:
        return Finding(about, State.WRONG, f"{folder}: only {free // 1_000_000} MB left on the disk")
    return Finding(about, State.OK, f"{folder}, {free // 1_000_000_000} GB free")


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        if databases.is_embedded(settings):
            yield _embedded(settings)
            if running_url(settings.postgres_folder) is None:
                return
        else:
            yield _external(settings)
        schema = _schema(settings)
        yield schema
        if schema.state is State.OK:
            yield _invariants(settings)
            yield _time_zones(settings)
    except (Refusal, ServerFailed) as refusal:
        yield Finding("database", State.WRONG, str(refusal))


def _embedded(settings: Settings) -> Finding:
    user = instead_of_root()
    binaries = choose([*bundled(), *installed()], user)
    home = locate(settings.postgres_folder)
    made_by = home / "pgdata" / "PG_VERSION"
    if made_by.exists() and made_by.read_text(encoding="ascii").strip() != str(binaries.major):
        return Finding("database", State.WRONG, f"{home} was made by another major version than {binaries.major}")
    runs = "running" if running_url(settings.postgres_folder) else "not running (`frontdesk up` starts it)"
    return Finding("database", State.STAND_IN, f"embedded PostgreSQL {binaries.major} in {home}, {runs}")


def _external(settings: Settings) -> Finding:
    role = asyncio.run(databases.reached(settings))
    return Finding("database", State.OK, f"reached as {role}")


def _schema(settings: Settings) -> Finding:
    try:
        current, newest = asyncio.run(revision(databases.owner_url(settings))), migrate.head()
    except (OSError, asyncpg.PostgresError, DBAPIError) as error:
        return Finding("schema", State.WRONG, f"its version cannot be read: {error}")
    if current == newest:
        return Finding("schema", State.OK, f"at {newest}")
    return Finding("schema", State.WRONG, f"at {current or 'nothing'}, needed is {newest}: run `frontdesk migrate`")


def _invariants(settings: Settings) -> Finding:
    try:
        server = databases.server_url(settings, embedded=running_url(settings.postgres_folder))
    except Refusal:
        return Finding("rows", State.OK, "not looked at: DATABASE_URL is not an administrator's, who sees all tenants")
    try:
        broken = asyncio.run(invariants.broken(address(server, databases.database_of(server))))
    except (OSError, asyncpg.PostgresError) as error:
        return Finding("rows", State.WRONG, f"they cannot be read: {error}")
    if not broken:
        return Finding("rows", State.OK, "all that always holds does")
    first = [f"{name}: {findings[0]}" for name, findings in broken.items()]
    return Finding("rows", State.WRONG, f"{len(broken)} invariants are broken: {'; '.join(first)}")


def _time_zones(settings: Settings) -> Finding:
    try:
        followed = asyncio.run(zone_rules.followed(databases.owner_url(settings)))
    except (OSError, asyncpg.PostgresError) as error:
        return Finding("time zones", State.WRONG, f"it cannot be read by which rules visits were reckoned: {error}")
    present = version("tzdata")
    if followed == present:
        return Finding("time zones", State.OK, f"by tzdata {present}")
    told = f"visits were reckoned by tzdata {followed}, installed is {present}: a worker that starts has that done anew"
    return Finding("time zones", State.WRONG, told)


def _secret(settings: Settings) -> Finding:
    if settings.jwt_secret:
        return Finding("tokens", State.OK, "signed with JWT_SECRET")
    return Finding("tokens", State.STAND_IN, "signed with a generated secret: JWT_SECRET is not set")


def _data_key(settings: Settings) -> Finding:
    if settings.data_keys:
        return Finding("data key", State.OK, f"{len(settings.data_keys)} in DATA_KEY; the first one locks")
    return Finding("data key", State.STAND_IN, "secrets are encrypted with a generated key: DATA_KEY is not set")


def _mail(settings: Settings) -> Finding:
    if settings.smtp_url is None:
        return Finding("mail", State.STAND_IN, "kept in the sandbox, not delivered: SMTP_URL is not set")
    address = urlsplit(settings.smtp_url)
    host, port = address.hostname, address.port or (465 if address.scheme == "smtps" else 25)
    try:
        socket.create_connection((host, port), timeout=5).close()
    except OSError as error:
        return Finding("mail", State.WRONG, f"SMTP_URL: nothing answers at {host}:{port}: {error.strerror or error}")
    return Finding("mail", State.OK, f"by {host}:{port}")


def _cards(settings: Settings) -> Finding:
    keys = settings.stripe
    if keys.secret_key is None and settings.is_production:
        return Finding("cards", State.OK, "paid into the accounts of businesses that connect Stripe, no other")
    if keys.secret_key is None:
        return Finding("cards", State.STAND_IN, "paid at the sandbox, no money moves: STRIPE_SECRET_KEY is not set")
    if keys.address is not None:
        return Finding("cards", State.STAND_IN, f"paid at {keys.address}: STRIPE_API_URL is set")
    if "_test_" in keys.secret_key:
        return Finding("cards", State.STAND_IN, "paid in Stripe's test mode, no money moves: the keys are of it")
    return Finding("cards", State.OK, "paid into the platform's account at Stripe, or a business's own")


def _limits(settings: Settings) -> Finding:
    if settings.rate_limits.is_off:
        return Finding("limits", State.STAND_IN, "none: RATE_LIMITS is off")
    if settings.redis_url is None:
        return Finding("limits", State.OK, "counted in memory, for one API process: REDIS_URL is not set")
    address = urlsplit(settings.redis_url)
    host, port = address.hostname, address.port or 6379
    try:
        socket.create_connection((host, port), timeout=5).close()
    except OSError as error:
        return Finding("limits", State.WRONG, f"REDIS_URL: nothing answers at {host}:{port}: {error.strerror or error}")
    return Finding("limits", State.OK, f"counted in Redis at {host}:{port}, for all API processes")


def _address(settings: Settings) -> Finding:
    if settings.public_url.startswith("https://"):
        return Finding("address", State.OK, settings.public_url)
    return Finding("address", State.STAND_IN, f"{settings.public_url}, without TLS: PUBLIC_URL is not https")


def _port(settings: Settings) -> Finding:
    about = f"{settings.host}:{settings.port}"
    try:
        socket.create_connection((settings.host, settings.port), timeout=2).close()
    except OSError:
        return Finding("port", State.OK, f"{about} is free")
    return Finding("port", State.OK, f"{about} is served")
