"""Statements over fields of an entity that are columns of its table, by the same names and in the order given."""

from collections.abc import Collection, Sequence
from typing import Generic, TypeVar

import asyncpg
import msgspec

Entity = TypeVar("Entity", bound=msgspec.Struct)


def inserting(table: str, fields: Sequence[str]) -> str:
    """`$1` is the tenant, the fields are `$2` on."""
    places = ", ".join(f"${at}" for at in range(2, len(fields) + 2))
    return f"insert into {table} (tenant_id, {', '.join(fields)}) values ($1, {places})"  # noqa: S608 - names of our own tables and fields, as below


def updating(table: str, fields: Sequence[str]) -> str:
    """`$1` is the id, the fields are `$2` on."""
    places = ", ".join(f"{name} = ${at}" for at, name in enumerate(fields, 2))
    return f"update {table} set {places} where id = $1"  # noqa: S608 - as above


class OwnRows(Generic[Entity]):
    """The rows of an entity that has a column for each of its fields. `fixed` are those that no change is about."""

    def __init__(
        self, table: str, entity: type[Entity], *, fixed: Collection[str] = frozenset({"id", "created_at"})
    ) -> None:
        self._entity = entity
        self._names = entity.__struct_fields__
        self._changing = tuple(name for name in self._names if name not in fixed)
        self.fields = ", ".join(self._names)
        self.insert = inserting(table, self._names)
        self.update = updating(table, self._changing)
        self.one = f"select {self.fields} from {table} where id = $1"  # noqa: S608 - as above
        self.for_change = f"{self.one} for no key update"

    def added(self, entity: Entity) -> list[object]:
        """What `insert` takes after the tenant."""
        return [getattr(entity, name) for name in self._names]

    def changed(self, entity: Entity) -> list[object]:
        """What `update` takes after the id."""
        return [getattr(entity, name) for name in self._changing]

    def read(self, row: asyncpg.Record) -> Entity:
        return msgspec.convert({name: row[name] for name in self._names}, self._entity)
