"""Registrations, accounts and sessions: the directory's functions, and nothing but them."""

from datetime import datetime
from uuid import UUID

import msgspec

from domains.identity import (
    CompletedRegistration,
    ConfirmedRegistration,
    Credentials,
    IssuedCode,
    OpenedSession,
    Opening,
    Profile,
    Registration,
)
from infra.postgres.session_book import opened_session, terms_of
from infra.postgres.work import PostgresWork

_START = "select directory.start_registration($1, $2, $3, $4, $5, $6, $7, $8, $9)"
_LATEST = "select * from directory.latest_registration($1)"
_ISSUE = "select * from directory.issue_code($1, $2, $3)"
_LANGUAGE = "select directory.language_of_registration($1)"
_TRY = "select * from directory.try_code($1, $2, $3, $4)"
_COMPLETE = "select * from directory.complete_registration($1, $2, $3, $4, $5, $6)"
_FORGET = "select directory.forget_registration($1)"
_CREDENTIALS = "select * from directory.credentials($1)"
_OPEN = "select * from directory.open_session($1, $2, $3, $4, $5, $6)"


class PostgresRegistrations:
    """The `Registrations` in the directory."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def add(self, registration: Registration, *, password_hash: str) -> None:
        await self._work.connection.execute(
            _START,
            registration.id,
            registration.tenant,
            registration.email,
            password_hash,
            registration.tenant_name,
            registration.display_name,
            msgspec.json.encode(registration.profile).decode(),
            registration.terms_version,
            registration.started_at,
        )

    async def latest(self, email: str) -> tuple[UUID, UUID] | None:
        row = await self._work.connection.fetchrow(_LATEST, email)
        return (row["registration"], row["tenant"]) if row and row["registration"] else None

    async def issue_code(self, registration: UUID, *, digest: bytes, expires_at: datetime) -> IssuedCode | None:
        row = await self._work.connection.fetchrow(_ISSUE, registration, digest, expires_at)
        if row is None or row["address"] is None:
            return None
        return IssuedCode(
            email=row["address"], tenant_name=row["business"], display_name=row["person"], is_known=row["known"]
        )

    async def language(self, registration: UUID) -> str | None:
        found: str | None = await self._work.connection.fetchval(_LANGUAGE, registration)
        return found

    async def try_code(
        self, email: str, *, digest: bytes, now: datetime, most_tries: int
    ) -> ConfirmedRegistration | None:
        row = await self._work.connection.fetchrow(_TRY, email, digest, now, most_tries)
        if row is None or row["registration"] is None:
            return None
        return ConfirmedRegistration(
            id=row["registration"],
            tenant=row["tenant"],
            tenant_name=row["business"],
            display_name=row["person"],
            profile=msgspec.convert(row["details"], Profile),
        )

    async def complete(
        self,
        found: ConfirmedRegistration,
        *,
        digest: bytes,
        account: UUID,
        owner: UUID,
        slugs: list[str],
        now: datetime,
    ) -> CompletedRegistration | None:
        row = await self._work.connection.fetchrow(_COMPLETE, found.id, digest, account, owner, slugs, now)
        if row is None or row["address"] is None:
            return None
        return CompletedRegistration(slug=row["slug"], email=row["address"])

    async def forget(self, registration: UUID) -> None:
        await self._work.connection.execute(_FORGET, registration)


class PostgresAccounts:
    """The `Accounts` in the directory."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def credentials(self, email: str) -> Credentials | None:
        row = await self._work.connection.fetchrow(_CREDENTIALS, email)
        if row is None or row["hash"] is None:
            return None
        return Credentials(password_hash=row["hash"], account=row["account"])

    async def open_session(
        self, email: str, *, password_hash: str, slug: str | None, opening: Opening
    ) -> OpenedSession | None:
        row = await self._work.connection.fetchrow(
            _OPEN, email, password_hash, slug, opening.session, opening.digest, terms_of(opening, self._work.origin)
        )
        return opened_session(row, opening)
