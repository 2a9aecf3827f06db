"""Documents of money in Postgres: how one kind rests in its table, and how it is found."""

import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import Enum
from typing import ClassVar, Generic, TypeVar
from uuid import UUID

import asyncpg
import msgspec

from domains.billing import Document
from domains.shared.actor import Actor
from domains.shared.errors import AlreadyExists, NotFound
from domains.shared.paging import Page, PageRequest
from infra.postgres.customer_identities import of_customer
from infra.postgres.keyset import Condition, Keyset, SortKey
from infra.postgres.own_fields import inserting
from infra.postgres.work import PostgresWork

Kind = TypeVar("Kind")
Shown = TypeVar("Shown")
_MOST_WORDS = 8
_FOUND = """
    select f.id from unnest(array[false, true]) away cross join lateral public.find_customers(
        {}::text, null, away, null, null, '-created_at', null, null, null, 500) f
"""


class Rows(Generic[Kind]):
    """The rows of one kind: a column for each field of the entity, and for what documents are found by."""

    def __init__(self, table: str, entity: type[Kind], *, kind: str) -> None:
        names: tuple[str, ...] = entity.__struct_fields__  # type: ignore[attr-defined]  # all are structs
        self.entity, self.kind, self.names = entity, kind, names
        self.fields = ", ".join(names)
        self.list = Keyset(table=table, fields=self.fields, sorts={"created_at": SortKey("created_at", datetime)})
        columns = (*names, "search_text") if issubclass(entity, Document) else names
        changed = ", ".join(f"{name} = ${at}" for at, name in enumerate(columns, 2) if name != "id")
        own = names.index("id") + 2
        self.insert = inserting(table, columns)
        self.update = f"update {table} set {changed} where tenant_id = $1 and id = ${own}"  # noqa: S608 - names of our own tables and fields, as below
        self.one = f"select {self.fields} from {table} where id = $1"  # noqa: S608 - as above
        self.for_change = f"{self.one} for no key update"
        self.delete = f"delete from {table} where id = $1"  # noqa: S608 - as above
        self.older = f"""
            select {self.fields} from {table} where substr(link, 2, length($1::bytea)) <> $1::bytea
            order by id limit 1000 for no key update
        """  # noqa: S608 - as above
        self.locked_anew = f"update {table} set link = $2 where id = $1"  # noqa: S608 - as above

    def content(self, entity: Kind) -> tuple[object, ...]:
        """Every field, and what it is found by."""
        fields = tuple(resting(getattr(entity, name)) for name in self.names)
        return (*fields, _search_text(entity)) if isinstance(entity, Document) else fields

    def read(self, row: asyncpg.Record) -> Kind:
        return msgspec.convert({name: row[name] for name in self.names}, self.entity)


class PostgresDocuments(Generic[Kind]):
    """The documents of one kind, of the tenant to which the work is bound."""

    rows: ClassVar[Rows]  # type: ignore[type-arg]  # a class variable cannot name the class's own parameter

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def add(self, document: Kind) -> None:
        await self._write(self.rows.insert, document)

    async def for_change(self, document_id: UUID) -> Kind:
        document = await self.find(document_id)
        if document is None:
            raise NotFound.one(self.rows.kind)
        return document

    async def find(self, document_id: UUID) -> Kind | None:
        row = await self._work.connection.fetchrow(self.rows.for_change, document_id)
        return None if row is None else self.rows.read(row)

    async def read(self, document_id: UUID) -> Kind:
        row = await self._work.connection.fetchrow(self.rows.one, document_id)
        if row is None:
            raise NotFound.one(self.rows.kind)
        found: Kind = self.rows.read(row)
        return found

    async def save(self, document: Kind) -> None:
        await self._write(self.rows.update, document)

    async def remove(self, document_id: UUID) -> None:
        await self._work.connection.execute(self.rows.delete, document_id)

    async def _write(self, statement: str, document: Kind) -> None:
        try:
            await self._work.connection.execute(statement, self._work.tenant, *self.rows.content(document))
        except asyncpg.UniqueViolationError:
            named = f"{self.rows.kind} {getattr(document, 'number', '')}"
            raise AlreadyExists(f"There is a {named} already: change how they are numbered.") from None


class DocumentReading(ABC, Generic[Shown]):
    """The documents of one kind, of the actor's tenant, as they are shown. Whoever asks may read them."""

    rows: ClassVar[Rows]  # type: ignore[type-arg]  # as above

    def __init__(self, actor: Actor, work: PostgresWork) -> None:
        self._actor = actor
        self._work = work

    @abstractmethod
    def _view(self, row: asyncpg.Record) -> Shown: ...

    async def _one(self, document_id: UUID) -> Shown:
        async with self._work:
            row = await self._work.connection.fetchrow(self.rows.one, document_id)
        if row is None:
            raise NotFound.one(self.rows.kind)
        return self._view(row)

    async def _page(
        self, conditions: Iterable[Condition], request: PageRequest, *, customer: UUID | None = None
    ) -> Page[Shown]:
        """A page by `created_at`; of one customer, under all ids that one is known by."""
        async with self._work:
            wanted = [*conditions, *await of_customer(self._work, customer)]
            return await self.rows.list.page(self._work.connection, wanted, request, self._view)


def matching(asked: str, *, table: str) -> Condition:
    """What has each word of `asked` in its text, or belongs to a customer in whom they are found.

    Ids only: of what is rare, a list in order of time would go through all that there is.
    """
    ids = f"select m.id from public.matching_{table}({{}}::text[]) m"  # noqa: S608 - the name of a function of ours
    theirs = f"select d.id from {table} d where d.customer_id = any (array({_FOUND}))"  # noqa: S608 - of a table of ours
    return (f"id = any (array({ids} union all {theirs}))", (_patterns(asked), asked))


def created_between(wanted: msgspec.Struct) -> Iterator[Condition]:
    """The conditions of `created_from` and `created_before`."""
    for name, sign in (("created_from", ">="), ("created_before", "<")):
        if (moment := getattr(wanted, name)) is not None:
            yield (f"created_at {sign} {{}}", moment)


def of_status(status: Enum | None) -> Iterator[Condition]:
    if status is not None:
        yield ("status = {}", status.value)


def _patterns(asked: str) -> list[str]:
    """What each word asks of the text, the longest first: by that one the index is read."""
    words = sorted(set(_folded(asked).split()), key=lambda word: (-len(word), word))[:_MOST_WORDS]
    escaped = (word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for word in words)
    return [f"%{word}%" for word in escaped] or ["%"]


def _folded(text: str) -> str:
    """Without accents and capitals."""
    return "".join(each for each in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(each))


def _search_text(document: Document) -> str:
    parts = (document.number, *(item.description for item in document.items), document.notes, document.terms)
    return _folded("\n".join(part for part in parts if part))


def resting(value: object) -> object:
    """A field of a document as its column has it."""
    if isinstance(value, Enum):
        return value.value
    is_json = isinstance(value, Sequence) and not isinstance(value, str | bytes)
    return msgspec.json.encode(value).decode() if is_json or isinstance(value, msgspec.Struct) else value
