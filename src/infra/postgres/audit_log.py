"""The audit log, read, sealed and verified."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from domains.audit import (
    AuditEntryView,
    AuditFilter,
    Chain,
    ChangeView,
    Part,
    Seal,
    SealedEntry,
    Verification,
    VerificationView,
)
from domains.shared.actor import Actor
from domains.shared.clock import timestamp
from domains.shared.paging import Page, PageRequest
from domains.shared.permissions import Permission
from infra.postgres.audit_trail import SECRET
from infra.postgres.binding import begin, commit, roll_back
from infra.postgres.database import Database
from infra.postgres.keyset import Keyset, SortKey
from infra.postgres.work import PostgresWork

_VERIFIED_AT_ONCE = 1_000
_CAPITAL = re.compile(r"_([a-z])")

_ENTRIES = """(
    select l.id, l.occurred_at, l.actor_id, l.action, l.subject_id, l.request_id, l.changes, l.origin, l.personal,
           s.number, s.hash, u.display_name
    from audit_log l
    left join audit_seals s on s.tenant_id = l.tenant_id and s.entry_id = l.id
    left join users u on u.tenant_id = l.tenant_id and u.id = l.actor_id
) entry"""
_LIST = Keyset(table=_ENTRIES, fields="entry.*", sorts={"occurred_at": SortKey("occurred_at", datetime)})
_ENDS = """
    select c.number, c.hash, coalesce((select max(number) from audit_seals), 0) as highest,
           (select count(*) from audit_log) as entries, (select count(*) from audit_seals) as seals
    from (select) nothing left join audit_chains c on true
"""
_SEALED = """
    select s.tenant_id, s.number, s.origin_digest, s.personal_digest, s.hash, l.id, l.occurred_at, l.actor_id, l.action,
           l.subject_id, l.request_id, l.changes::text as changes_text, l.origin::text as origin_text, l.origin_salt,
           l.personal::text as personal_text, l.personal_salt
    from audit_seals s join audit_log l on l.tenant_id = s.tenant_id and l.id = s.entry_id
    where s.number > $1 and s.number <= $2 order by s.number limit $3
"""
_WAITING = "select distinct tenant_id from work.unsealed"
_SEAL = "select work.seal_audit($1)"
_ERASE = "select public.erase_from_audit($1)"


class PostgresAuditQueries:
    """The `AuditQueries` of the actor's tenant."""

    def __init__(self, actor: Actor, work: PostgresWork) -> None:
        self._actor = actor
        self._work = work

    async def page(self, wanted: AuditFilter, request: PageRequest) -> Page[AuditEntryView]:
        self._actor.must(Permission.AUDIT_READ)
        async with self._work:
            return await _LIST.page(self._work.connection, list(_conditions(wanted)), request, _view)

    async def verify(self) -> VerificationView:
        """One short transaction for each thousand entries, up to where the chain ended when it began."""
        self._actor.must(Permission.AUDIT_READ)
        async with self._work:
            ends = await self._work.connection.fetchrow(_ENDS)
        if ends is None:
            raise LookupError(_ENDS)
        verification, end = Verification(), Chain(number=ends["number"] or 0, hash=ends["hash"] or bytes(32))
        async for row in self._sealed(end.number):
            if not verification.follow(_sealed_entry(row)):
                break
        broken_at = verification.broken_at(end, highest=ends["highest"])
        return VerificationView(
            valid=broken_at is None,
            sealed=end.number,
            tail=max(ends["entries"] - ends["seals"], 0),
            hash=end.hash.hex() if end.number else None,
            broken_at=broken_at,
        )

    async def _sealed(self, last: int) -> AsyncIterator[asyncpg.Record]:
        done = 0
        while done < last:
            async with self._work:
                rows = await self._work.connection.fetch(_SEALED, done, last, _VERIFIED_AT_ONCE)
            if not rows:
                return
            for row in rows:
                yield row
            done = rows[-1]["number"]


class PostgresAuditErasure:
    """The `AuditErasure` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def erase(self, person: UUID) -> None:
        await self._work.connection.execute(_ERASE, person)


class PostgresSeals:
    """The `Seals` of all tenants: `frontdesk_relay` sees which tenants wait, and calls the function that seals."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def waiting(self) -> list[UUID]:
        async with self._database.connection() as connection:
            return [row["tenant_id"] for row in await connection.fetch(_WAITING)]

    async def seal(self, tenant: UUID, most: int) -> int:
        async with self._database.connection() as driver:
            await begin(driver, tenant)
            try:
                sealed = int(await driver.fetchval(_SEAL, most))
                await commit(driver)
            except BaseException:
                await roll_back(driver)
                raise
        return sealed


def _conditions(wanted: AuditFilter) -> Iterator[tuple[str, object]]:
    if wanted.actor is not None:
        yield ("actor_id = {}", wanted.actor)
    if wanted.action is not None:
        yield ("action = {}", wanted.action)
    if wanted.subject is not None:
        yield ("subject_id = {}", wanted.subject)
    if wanted.occurred_from is not None:
        yield ("occurred_at >= {}", wanted.occurred_from)
    if wanted.occurred_before is not None:
        yield ("occurred_at < {}", wanted.occurred_before)


def _view(row: asyncpg.Record) -> AuditEntryView:
    origin = row["origin"] or {}
    return AuditEntryView(
        id=row["id"],
        number=row["number"],
        occurred_at=timestamp(row["occurred_at"]),
        actor_id=row["actor_id"],
        actor_name=row["display_name"],
        action=row["action"],
        subject_id=row["subject_id"],
        request_id=row["request_id"],
        ip=origin.get("ip"),
        agent=origin.get("agent"),
        api_key_id=UUID(origin["key"]) if "key" in origin else None,
        changes=[_change(name, values, row["personal"] or {}) for name, values in row["changes"].items()],
        erased=row["personal"] is None and None in row["changes"].values(),
        hash=row["hash"] and row["hash"].hex(),
    )


def _change(name: str, public: list[Any] | None, personal: dict[str, list[Any]]) -> ChangeView:
    values = personal.get(name) if public is None else public
    before, after = (None, None) if values is None or values == SECRET else values
    return ChangeView(field=_CAPITAL.sub(_capital, name), before=_shown(before), after=_shown(after))


def _capital(found: re.Match[str]) -> str:
    return found[1].upper()


def _shown(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else msgspec.json.encode(value).decode()


def _sealed_entry(row: asyncpg.Record) -> SealedEntry:
    return SealedEntry(
        tenant=row["tenant_id"],
        id=row["id"],
        occurred_at=row["occurred_at"],
        actor=row["actor_id"],
        action=row["action"],
        subject=row["subject_id"],
        request_id=row["request_id"],
        changes=row["changes_text"],
        origin=Part(row["origin_text"], row["origin_salt"]),
        personal=Part(row["personal_text"], row["personal_salt"]),
        seal=Seal(
            number=row["number"],
            origin_digest=row["origin_digest"],
            personal_digest=row["personal_digest"],
            hash=row["hash"],
        ),
    )
