"""Calendars that people keep elsewhere, in Postgres: their addresses are locked before they are stored."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import asyncpg
import msgspec

from domains.appointments import ImportedCalendar, Span
from domains.shared.errors import NotFound
from domains.shared.vault import Place, Vault
from infra.postgres.work import PostgresWork

LONGEST = timedelta(days=7)
"""Of one row: so what is busy at a time is one range of the index."""
_COLUMN = "imported_calendars.url"
_FIELDS = ImportedCalendar.__struct_fields__
_NAMED = ", ".join(f"c.{name}" for name in _FIELDS)
_OF_USER = f"""
    select {_NAMED} from users u left join imported_calendars c on c.tenant_id = u.tenant_id and c.user_id = u.id
    where u.id = $1 and u.erased_at is null order by c.created_at, c.id
"""  # noqa: S608 - put together from constants
_ONE = f"select {_NAMED} from imported_calendars c where c.id = $1"  # noqa: S608 - as above
_ADD = f"""
    insert into imported_calendars (tenant_id, locked_with, {", ".join(_FIELDS)})
    values ($1, $2, {", ".join(f"${at}" for at in range(3, len(_FIELDS) + 3))})
"""  # noqa: S608 - as above
_SAVE = """
    update imported_calendars
    set etag = $2, modified = $3, fetch_at = $4, fetched_at = $5, read_at = $6, failures = $7, last_error = $8
    where id = $1
"""
_REMOVE = "delete from imported_calendars where id = $1"
_BUSY = "select starts_at, ends_at from busy_times where calendar_id = $1 order by starts_at"
_FREE = "delete from busy_times where calendar_id = $1"
_BLOCK = """
    insert into busy_times (tenant_id, calendar_id, user_id, starts_at, ends_at)
    select $1, $2, $3, starts, ends from unnest($4::timestamptz[], $5::timestamptz[]) times (starts, ends)
"""
_OLDER = "select id, url from imported_calendars where locked_with <> $1 order by id for no key update"
_LOCKED_ANEW = "update imported_calendars set url = $2, locked_with = $3 where id = $1"


class PostgresCalendarShelf:
    """The `CalendarShelf` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork, vault: Vault) -> None:
        self._work = work
        self._vault = vault

    async def of_user(self, user_id: UUID) -> list[ImportedCalendar]:
        rows = await self._work.connection.fetch(_OF_USER, user_id)
        if not rows:
            raise NotFound.one("user")
        return [self._opened(row) for row in rows if row["id"]]

    async def find(self, calendar_id: UUID) -> ImportedCalendar:
        row = await self._work.connection.fetchrow(_ONE, calendar_id)
        if row is None:
            raise NotFound.one("calendar")
        return self._opened(row)

    async def for_change(self, calendar_id: UUID) -> ImportedCalendar | None:
        row = await self._work.connection.fetchrow(f"{_ONE} for no key update", calendar_id)
        return self._opened(row) if row else None

    async def add(self, calendar: ImportedCalendar) -> None:
        kept = msgspec.structs.asdict(calendar)
        kept["url"] = self._vault.lock(calendar.url.encode(), self._place(calendar.id))
        await self._work.connection.execute(_ADD, self._work.tenant, self._vault.key, *kept.values())

    async def save(self, calendar: ImportedCalendar) -> None:
        await self._work.connection.execute(
            _SAVE, calendar.id, calendar.etag, calendar.modified, calendar.fetch_at, calendar.fetched_at,
            calendar.read_at, calendar.failures, calendar.last_error,
        )  # fmt: skip

    async def remove(self, calendar: ImportedCalendar) -> None:
        await self._work.connection.execute(_REMOVE, calendar.id)

    async def keep_busy(self, calendar: ImportedCalendar, busy: tuple[Span, ...]) -> bool:
        wanted = list(_in_pieces(busy))
        rows = await self._work.connection.fetch(_BUSY, calendar.id)
        if wanted == [Span(row["starts_at"], row["ends_at"]) for row in rows]:
            return False
        starts, ends = [each.start for each in wanted], [each.end for each in wanted]
        await self._work.connection.execute(_FREE, calendar.id)
        await self._work.connection.execute(_BLOCK, self._work.tenant, calendar.id, calendar.user_id, starts, ends)
        return True

    async def lock_anew(self) -> int:
        """Lock with the newest key what was locked with older ones, and say how much. Raises `Unreadable`."""
        rows = await self._work.connection.fetch(_OLDER, self._vault.key)
        for row in rows:
            place = self._place(row["id"])
            locked = self._vault.lock(self._vault.open(row["url"], place), place)
            await self._work.connection.execute(_LOCKED_ANEW, row["id"], locked, self._vault.key)
        return len(rows)

    def _opened(self, row: asyncpg.Record) -> ImportedCalendar:
        url = self._vault.open(row["url"], self._place(row["id"])).decode()
        return msgspec.convert({**dict(row), "url": url}, ImportedCalendar)

    def _place(self, calendar_id: UUID) -> Place:
        return Place(self._work.tenant, _COLUMN, str(calendar_id))


def _in_pieces(spans: tuple[Span, ...]) -> Iterator[Span]:
    """The same times, none longer than a row may be."""
    for span in spans:
        start = span.start
        while start < span.end:
            yield Span(start, min(start + LONGEST, span.end))
            start += LONGEST
