"""Secrets that were generated because nobody set them, kept in the data folder for its owner's eyes only."""

import os
import secrets
from pathlib import Path

import msgspec

from frontdesk.refusal import Refusal
from frontdesk.settings import Settings
from infra.postgres.roles import Passwords

_NAME = "secrets.json"


def _token() -> str:
    return secrets.token_urlsafe(36)


def _password() -> str:
    return f"Demo-{secrets.token_urlsafe(9)}-1"


class GeneratedSecrets(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Each is made once. What a newer version adds is made when the file is next read."""

    jwt_secret: str = msgspec.field(default_factory=_token)
    data_key: str = msgspec.field(default_factory=_token)
    owner_database_password: str = msgspec.field(default_factory=_token)
    app_database_password: str = msgspec.field(default_factory=_token)
    relay_database_password: str = msgspec.field(default_factory=_token)
    demo_password: str = msgspec.field(default_factory=_password)


def read_or_make(folder: Path) -> GeneratedSecrets:
    """The secrets of a data folder, made there if need be. Raise `Refusal` where that cannot be done."""
    path = folder / _NAME
    try:
        stored = path.read_bytes() if path.exists() else b"{}"
        found = msgspec.json.decode(stored, type=GeneratedSecrets)
        if msgspec.json.format(msgspec.json.encode(found)) != stored:
            folder.mkdir(parents=True, exist_ok=True)
            _write(path, msgspec.json.format(msgspec.json.encode(found)))
    except OSError as error:
        raise Refusal(f"Secrets cannot be kept in {folder}: {error.strerror}.") from None
    except msgspec.DecodeError:
        raise Refusal(f"The file {path} is damaged. Remove it to have new secrets made.") from None
    return found


def passwords(settings: Settings) -> Passwords:
    """The database roles' passwords: those set, else, outside production, those generated."""
    given = {
        "OWNER_DATABASE_PASSWORD": settings.owner_database_password,
        "APP_DATABASE_PASSWORD": settings.app_database_password,
        "RELAY_DATABASE_PASSWORD": settings.relay_database_password,
    }
    missing = [name for name, value in given.items() if not value]
    if missing and settings.is_production:
        raise Refusal(f"{', '.join(missing)} must be set: DATABASE_URL is an administrator's.")
    made = read_or_make(settings.data_dir) if missing else GeneratedSecrets()
    return Passwords(
        owner=settings.owner_database_password or made.owner_database_password,
        app=settings.app_database_password or made.app_database_password,
        relay=settings.relay_database_password or made.relay_database_password,
    )


def _write(path: Path, text: bytes) -> None:
    unfinished = path.with_name(f".{_NAME}.{os.getpid()}")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
