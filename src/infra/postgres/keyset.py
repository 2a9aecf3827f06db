"""Lists by key: page 1,000 costs what page 1 costs."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import asyncpg
import msgspec

from domains.shared.errors import InvalidCursor
from domains.shared.paging import Page, PageRequest, Position
from infra.postgres.statements import Reading

Item = TypeVar("Item")
Condition = tuple[str, object]


class SortKey(msgspec.Struct, frozen=True):
    """A column to sort by, and what its values are. An index `(tenant_id, column, id)` must exist."""

    column: str
    kind: type[str] | type[int] | type[datetime]

    def write(self, value: object) -> str:
        return value.isoformat() if isinstance(value, datetime) else str(value)

    def read(self, text: str) -> object:
        if self.kind is int:
            return int(text)
        return datetime.fromisoformat(text) if self.kind is datetime else text


class Keyset(msgspec.Struct, frozen=True, kw_only=True):
    """How one table is listed: its fields, and the keys by which it can be sorted."""

    table: str
    fields: str
    sorts: Mapping[str, SortKey]

    async def page(
        self,
        reading: Reading,
        conditions: Sequence[Condition],
        request: PageRequest,
        view: Callable[[asyncpg.Record], Item],
    ) -> Page[Item]:
        """The rows that meet all `conditions` (`"tag = {}"` and its value), from where `request` goes on."""
        key = self.sorts[request.sort]
        total = await self._count(reading, conditions) if request.include_total else None
        beyond = [*conditions, *_beyond(request, key)]
        where, values = _where(beyond)
        way = "desc" if request.descending else "asc"
        rows = await reading.fetch(
            f"select {self.fields}, {key.column} as sort_key from {self.table} where {where}"  # noqa: S608 - as below
            f" order by {key.column} {way}, id {way} limit {request.limit + 1:d}",
            *values,
        )
        shown = rows[: request.limit]
        more = len(rows) > request.limit
        return Page(
            items=[view(row) for row in shown],
            next=(key.write(shown[-1]["sort_key"]), str(shown[-1]["id"])) if more else None,
            total=total,
        )

    async def _count(self, reading: Reading, conditions: Sequence[Condition]) -> int:
        where, values = _where(conditions)
        counted = f"select count(*) from {self.table} where {where}"  # noqa: S608 - constants and $1, $2; values apart
        return int(await reading.fetchval(counted, *values))


def _beyond(request: PageRequest, key: SortKey) -> list[Condition]:
    if request.after is None:
        return []
    value, row_id = _position(request.after, key)
    sign = "<" if request.descending else ">"
    return [(f"({key.column}, id) {sign} ({{}}, {{}})", (value, row_id))]


def _position(after: Position, key: SortKey) -> tuple[object, UUID]:
    try:
        value, row_id = after
        return key.read(value), UUID(row_id)
    except ValueError:
        raise InvalidCursor("The cursor does not fit this list.") from None


def _where(conditions: Sequence[Condition]) -> tuple[str, list[object]]:
    parts: list[str] = []
    values: list[object] = []
    for template, given in conditions:
        own = list(given) if isinstance(given, tuple) else [given]
        parts.append(template.format(*(f"${len(values) + at}" for at in range(1, len(own) + 1))))
        values.extend(own)
    return " and ".join(parts) or "true", values
