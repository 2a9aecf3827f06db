"""Custom fields of customers in Postgres."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg
import msgspec

from domains.customers import CustomField, CustomFieldsView, CustomFieldView
from domains.shared.actor import Actor
from domains.shared.errors import AlreadyExists, FieldError, NotFound
from domains.shared.permissions import Permission
from infra.postgres.work import PostgresWork

_FIELDS = "id, key, label, type, choices, version, created_at, updated_at"
_ALL = f"select {_FIELDS} from customer_fields order by key"  # noqa: S608 - put together from constants
_OF_THE_TENANT = "select from tenants for no key update"
_COUNT = "select count(*) from customer_fields"
_ADD = f"insert into customer_fields (tenant_id, {_FIELDS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"  # noqa: S608 - as above
_FOR_CHANGE = f"select {_FIELDS} from customer_fields where id = $1 for no key update"  # noqa: S608 - as above
_SAVE = """
    update customer_fields set label = $2, type = $3, choices = $4, version = $5, updated_at = $6 where id = $1
"""
_REMOVE = "delete from customer_fields where id = $1"


class PostgresCustomFields:
    """The `CustomFields` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def all(self) -> Sequence[CustomField]:
        return [_field(row) for row in await self._work.connection.fetch(_ALL)]

    async def count(self) -> int:
        await self._work.connection.execute(_OF_THE_TENANT)
        return int(await self._work.connection.fetchval(_COUNT))

    async def add(self, field: CustomField) -> None:
        try:
            await self._work.connection.execute(
                _ADD, self._work.tenant, field.id, field.key, field.label, field.type.value, field.choices,
                field.version, field.created_at, field.updated_at,
            )  # fmt: skip
        except asyncpg.UniqueViolationError:
            taken = FieldError("key", "already_exists", "There is a field with this key.")
            raise AlreadyExists("The key is taken.", errors=(taken,)) from None

    async def for_change(self, field_id: UUID) -> CustomField:
        row = await self._work.connection.fetchrow(_FOR_CHANGE, field_id)
        if row is None:
            raise NotFound.one("field")
        return _field(row)

    async def save(self, field: CustomField) -> None:
        await self._work.connection.execute(
            _SAVE, field.id, field.label, field.type.value, field.choices, field.version, field.updated_at
        )

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
        return CustomFieldsView(items=tuple(CustomFieldView.of(_field(row)) for row in rows))


def _field(row: asyncpg.Record) -> CustomField:
    return msgspec.convert(dict(row), CustomField)
