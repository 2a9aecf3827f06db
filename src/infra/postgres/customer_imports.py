"""The reports of imports in Postgres."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

import asyncpg

from domains.customers.importing import CUSTOMER_IMPORT, ImportFault, ImportFaultView
from domains.shared.actor import Actor
from domains.shared.errors import NotFound
from domains.shared.ids import new_id
from domains.shared.paging import Page, PageRequest
from domains.shared.permissions import Permission
from infra.postgres.keyset import Keyset, SortKey
from infra.postgres.work import PostgresWork

_ADD = """
    insert into customer_import_faults (tenant_id, job_id, id, line, field, code, message)
    select $1, $2, f.* from unnest($3::uuid[], $4::integer[], $5::text[], $6::text[], $7::text[]) f
"""
_SEEN = "select contact, line from customer_import_contacts where job_id = $1 and contact = any ($2)"
_REMEMBER = """
    insert into customer_import_contacts (tenant_id, job_id, contact, line)
    select $1, $2, c.* from unnest($3::text[], $4::integer[]) c on conflict do nothing
"""
_FORGET_CONTACTS = "delete from customer_import_contacts where job_id = $1"
_FORGET_FAULTS = "delete from customer_import_faults where job_id = $1"
_IS_THERE = "select exists (select from jobs where id = $1 and kind = $2)"
_LIST = Keyset(
    table="customer_import_faults", fields="id, line, field, code, message", sorts={"line": SortKey("line", int)}
)
_MOST_FIELD, _MOST_MESSAGE = 200, 500


class PostgresHomeCountry:
    """The `HomeCountry` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def country(self) -> str | None:
        found: str | None = await self._work.connection.fetchval("select address ->> 'country' from tenants")
        return found


class PostgresImportReports:
    """The `ImportReports` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def add(self, job: UUID, faults: Sequence[ImportFault]) -> None:
        rows = [
            (new_id(), each.line, each.field[:_MOST_FIELD], each.code, each.message[:_MOST_MESSAGE]) for each in faults
        ]
        if rows:
            await self._work.connection.execute(_ADD, self._work.tenant, job, *map(list, zip(*rows, strict=True)))

    async def seen(self, job: UUID, contacts: Collection[str]) -> Mapping[str, int]:
        rows = await self._work.connection.fetch(_SEEN, job, list(contacts))
        return {row["contact"]: row["line"] for row in rows}

    async def remember(self, job: UUID, contacts: Mapping[str, int]) -> None:
        await self._work.connection.execute(_REMEMBER, self._work.tenant, job, list(contacts), list(contacts.values()))

    async def forget_contacts(self, job: UUID) -> None:
        await self._work.connection.execute(_FORGET_CONTACTS, job)

    async def forget(self, job: UUID) -> None:
        await self.forget_contacts(job)
        await self._work.connection.execute(_FORGET_FAULTS, job)


class PostgresImportReportQueries:
    """The `ImportReportQueries` of the actor's tenant."""

    def __init__(self, actor: Actor, work: PostgresWork) -> None:
        self._actor = actor
        self._work = work

    async def page(self, job: UUID, request: PageRequest) -> Page[ImportFaultView]:
        self._actor.must(Permission.CUSTOMERS_IMPORT)
        async with self._work:
            if not await self._work.connection.fetchval(_IS_THERE, job, CUSTOMER_IMPORT):
                raise NotFound.one("import")
            return await _LIST.page(self._work.connection, [("job_id = {}", job)], request, _view)


def _view(row: asyncpg.Record) -> ImportFaultView:
    return ImportFaultView(line=row["line"], field=row["field"], code=row["code"], message=row["message"])
