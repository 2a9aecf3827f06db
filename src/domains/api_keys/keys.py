"""API keys: programs that act for the user who made them, within what that user may do at the time."""

import hashlib
import re
import secrets
import zlib
from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Protocol
from uuid import UUID

import msgspec
from msgspec import Meta

from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Timestamp, WallClock, timestamp
from domains.shared.errors import FieldError, Forbidden, NotFound, ValidationFailed
from domains.shared.fields import ONE_LINE, trimmed
from domains.shared.ids import new_id
from domains.shared.paging import Page, PageRequest
from domains.shared.permissions import PERMISSIONS_OF, PERSONAL, Permission
from domains.shared.plans import Quota
from domains.shared.quotas import Quotas
from domains.shared.wire import Command, View
from domains.shared.work import UnitOfWork

KEY_START = "fd_live_"
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RANDOM, _CHECK = 43, 6
_SHOWN = len(KEY_START) + 4
_FORM = re.compile(rf"{KEY_START}[0-9A-Za-z]{{{_RANDOM + _CHECK}}}")

KeyName = Annotated[str, Meta(min_length=1, max_length=100, pattern=ONE_LINE, examples=["Website booking form"])]
KeyPrefix = Annotated[str, Meta(max_length=20, examples=["fd_live_7hGk"])]
KeyText = Annotated[str, Meta(max_length=100, examples=["fd_live_7hGkT0vSb2Jr1dY3WkzH1c6mQmYzqfYvN7o0aU4m3pX0a1b2c3"])]
Scopes = Annotated[tuple[Permission, ...], Meta(min_length=1, max_length=100, examples=[["customers:read"]])]
Days = Annotated[int, Meta(ge=1, le=730, examples=[90])]


class CreateApiKey(Command, frozen=True):
    """A key with some of your own permissions. Without `expiresInDays` it has no end."""

    name: KeyName
    scopes: Scopes
    expires_in_days: Days | None = None


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key, less its secret."""

    id: UUID
    name: str
    prefix: str
    scopes: tuple[Permission, ...]
    created_by: UUID
    expires_at: datetime | None
    created_at: datetime

    @classmethod
    def make(cls, order: CreateApiKey, maker: Actor, *, text: str, now: datetime) -> "ApiKey":
        """Raise `ValidationFailed` for a scope that no key can have, `Forbidden` for one that the maker has not."""
        faults = [
            FieldError(f"scopes[{at}]", "not_for_keys", "Only a person who is signed in may do this.")
            for at, scope in enumerate(order.scopes)
            if scope in PERSONAL
        ]
        if faults:
            raise ValidationFailed.all_of(faults)
        beyond = sorted(set(order.scopes) - PERMISSIONS_OF[maker.role])
        if beyond:
            raise Forbidden(f"A key has no more than its maker, who lacks {', '.join(beyond)}.")
        lifetime = timedelta(days=order.expires_in_days) if order.expires_in_days else None
        return cls(
            id=new_id(),
            name=trimmed(order.name, "name", shortest=1),
            prefix=text[:_SHOWN],
            scopes=tuple(sorted(set(order.scopes))),
            created_by=maker.user,
            expires_at=now + lifetime if lifetime else None,
            created_at=now,
        )


class KeyStatus(StrEnum):
    """What a key is worth. One whose maker was suspended or has left is revoked for good."""

    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"


class ApiKeyView(View, frozen=True, kw_only=True):
    """A key as it is listed: never its secret. `lastUsedAt` is right to about a minute."""

    id: UUID
    name: KeyName
    prefix: KeyPrefix
    scopes: Scopes
    created_by: UUID
    status: KeyStatus
    last_used_at: Timestamp | None
    expires_at: Timestamp | None
    created_at: Timestamp


class NewApiKey(ApiKeyView, frozen=True, kw_only=True):
    """A key just made: `key` is shown this once."""

    key: KeyText

    @classmethod
    def of(cls, key: ApiKey, text: str) -> "NewApiKey":
        return cls(
            id=key.id,
            name=key.name,
            prefix=key.prefix,
            scopes=key.scopes,
            created_by=key.created_by,
            status=KeyStatus.ACTIVE,
            last_used_at=None,
            expires_at=timestamp(key.expires_at) if key.expires_at else None,
            created_at=timestamp(key.created_at),
            key=text,
        )


class KeyRing(Protocol):
    """The tenant's API keys, to be changed."""

    async def add(self, key: ApiKey, *, digest: bytes, maker: Actor) -> None:
        """Store it. Raises `Unauthenticated` where the maker's session has ended meanwhile."""
        ...

    async def remove(self, key_id: UUID) -> ApiKey | None:
        """Take it away: it is refused from then on. None where there is none."""
        ...

    async def remove_ended(self, maker: UUID) -> list[ApiKey]:
        """Take away what a user has made and nothing opens with any more: them."""
        ...


class ApiKeyQueries(Protocol):
    """The tenant's API keys, to be read. Needs `api_keys:read`."""

    async def page(self, request: PageRequest) -> Page[ApiKeyView]:
        """A page by `created_at`, ties broken by id."""
        ...


class KeyUses(Protocol):
    """When keys were last used."""

    async def note(self, keys: Collection[UUID]) -> None:
        """They have been used within the last minute."""
        ...


class ApiKeys:
    """Gives out keys, and takes them away."""

    def __init__(self, actor: Actor, keys: KeyRing, quotas: Quotas, clock: WallClock, work: UnitOfWork) -> None:
        self.actor = actor
        self.keys = keys
        self.quotas = quotas
        self.clock = clock
        self.work = work

    async def create(self, order: CreateApiKey) -> NewApiKey:
        """Make an API key. It is shown in this answer, and never again.

        - It acts for you, within its scopes and what your role allows at each call; it ends when you are suspended, and
          when your password is reset.
        - Scopes beyond your role are `forbidden`. What guards accounts (sessions, keys) can be no scope.
        - Beyond what the plan gives it is `quota_exceeded`; every listed key counts.
        - It has its own rate limit. It is `fd_live_` and 49 letters and digits with a checksum, for leak scanners.
        """
        self.actor.must(Permission.API_KEYS_WRITE)
        text = new_key()
        key = ApiKey.make(order, self.actor, text=text, now=self.clock.wall())
        async with self.work:
            await self.keys.add(key, digest=hashlib.sha256(text.encode()).digest(), maker=self.actor)
            self.work.note(Note(action="api_key.created", subject=key.id, after=key))
            await self.quotas.must_hold(Quota.API_KEYS)
        return NewApiKey.of(key, text)

    async def revoke(self, key_id: UUID) -> None:
        """Revoke an API key: it is refused within a second, and leaves the list."""
        self.actor.must(Permission.API_KEYS_WRITE)
        async with self.work:
            key = await self.keys.remove(key_id)
            if key is None:
                raise NotFound.one("api key")
            self.work.note(Note(action="api_key.revoked", subject=key.id, before=key))


def new_key() -> str:
    """`fd_live_`, 43 random letters and digits (256 bits), and a checksum of them."""
    random = "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM))
    return f"{KEY_START}{random}{_checksum(random)}"


def digest_of(text: str) -> bytes | None:
    """What a key is stored as (SHA-256); None for what cannot be one, which nobody need be asked about."""
    if not _FORM.fullmatch(text) or _checksum(text[len(KEY_START) : -_CHECK]) != text[-_CHECK:]:
        return None
    return hashlib.sha256(text.encode()).digest()


def _checksum(random: str) -> str:
    """CRC-32 in base 62, as leak scanners expect it."""
    left, digits = zlib.crc32(random.encode()), ""
    for _ in range(_CHECK):
        left, digit = divmod(left, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return digits
