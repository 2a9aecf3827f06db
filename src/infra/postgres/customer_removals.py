"""Taking customers away, in Postgres."""

from datetime import datetime
from functools import cache
from uuid import UUID

import asyncpg

from domains.customers import CustomerInUse
from infra.postgres.customer_identities import PostgresIdentities
from infra.postgres.erasure import statements
from infra.postgres.tables import Names, metadata
from infra.postgres.work import PostgresWork

_FORGET_ANSWERS = "delete from idempotency_keys where ($1::uuid)::text in (result ->> 'id', result ->> 'customer_id')"
_FORGET_LETTERS = """
    delete from letters where recipient in (
        select unnest(emails) from customers where id = $1
        union all select contact ->> 'email' from appointments where customer_id = $1
        union all select contact ->> 'email' from waiting_list where customer_id = $1)
"""
_BEFORE = (_FORGET_ANSWERS, _FORGET_LETTERS)
_ERASED = """
    update customers set erased_at = $2, archived_at = coalesce(archived_at, $2), version = version + 1, updated_at = $2
    where id = $1
"""
_AUDIT = "select public.erase_from_audit($1)"
_TIMELINE = "delete from customer_timeline where customer_id = $1"
_DELETE = "delete from customers where id = $1"


@cache
def _forget_noted() -> tuple[str, ...]:
    """What the audit log has of rows that are about the customer, in whichever domain: of its own later."""
    return tuple(
        f"select public.erase_from_audit(id) from {table.name} where {column.name} = $1"  # noqa: S608 - names of our own tables
        for table in metadata.sorted_tables
        for key in table.foreign_key_constraints
        for column in key.columns
        if key.referred_table.name == "customers" and column.info.get("names") in {Names.PERSON, Names.SUBJECT}
        if table.name != "customer_timeline" and "id" in table.columns
    )


class PostgresRemovals:
    """The `Removals` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def erase(self, customer: UUID, *, now: datetime) -> None:
        """The last merged first: what is left of each goes into what the next is found by."""
        for each in reversed(await PostgresIdentities(self._work).of(customer)):
            for statement in (*_BEFORE, *_forget_noted(), *statements(), _AUDIT):
                await self._work.connection.execute(statement, each)
            await self._work.connection.execute(_ERASED, each, now)

    async def delete(self, customer: UUID) -> None:
        """Foreign keys say what refers to the customer: each domain that has some declares them."""
        await self._work.connection.execute(_TIMELINE, customer)
        try:
            await self._work.connection.execute(_DELETE, customer)
        except asyncpg.ForeignKeyViolationError as error:
            raise CustomerInUse(f"There are {error.table_name} of this customer: archive it.") from None
