"""Custom fields of customers in Postgres."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from domains.customers import CustomField, CustomFieldsView, CustomFieldView
from domains.shared.actor import Actor
from domains.shared.errors import AlreadyExists, FieldError, NotFound
from domains.shared.permissions import Permission
from infra.postgres.own_fields import OwnRows
from infra.postgres.work import PostgresWork

_ROWS = OwnRows("customer_fields", CustomField, fixed={"id", "key", "created_at"})
_ALL = f"select {_ROWS.fields} from customer_fields order by key"  # noqa: S608 - put together from constants
_OF_THE_TENANT = "select from tenants for no key update"
_COUNT = "select count(*) from customer_fields"
_REMOVE = "delete from customer_fields where id = $1"


class PostgresCustomFields:
    """The `CustomFields` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def all(self) -> Sequence[CustomField]:
        return [_ROWS.read(row) for row in await self._work.connection.fetch(_ALL)]

    async def count(self) -> int:
        await self._work.connection.execute(_OF_THE_TENANT)
        return int(await self._work.connection.fetchval(_COUNT))

    async def add(self, field: CustomField) -> None:
        try:
            await self._work.connection.execute(_ROWS.insert, self._work.tenant, *_ROWS.added(field))
        except asyncpg.UniqueViolationError:
            taken = FieldError("key", "already_exists", "There is a field with this key.")
            raise AlreadyExists("The key is taken.", errors=(taken,)) from None

    async def for_change(self, field_id: UUID) -> CustomField:
        row = await self._work.connection.fetchrow(_ROWS.for_change, field_id)
        if row is None:
            raise NotFound.one("field")
        return _ROWS.read(row)

    async def save(self, field: CustomField) -> None:
        await self._work.connection.execute(_ROWS.update, field.id, *_ROWS.changed(field))

    async def remove(self, field_id: UUID) -> None:
        await self._work.connection.execute(_REMOVE, field_id)


class PostgresCustomFieldQueries:
    """The `CustomFieldQueries` of the actor's tenant."""

    def __init__(self, actor: Actor, work: PostgresWork) -> None:
        self._actor = actor
        self._work = work

    async def all(self) -> CustomFieldsView:
        self._actor.must(Permission.CUSTOMERS_READ)
        async with self._work:
            rows = await self._work.connection.fetch(_ALL)
        return CustomFieldsView(items=tuple(CustomFieldView.of(_ROWS.read(row)) for row in rows))
