"""Whom e-mail addresses and phone numbers reach, in Postgres."""

from collections.abc import Collection, Sequence

from domains.customers import ContactOwner
from infra.postgres.work import PostgresWork

_OWNERS = """
    with owner as materialized (select contact, id from public.owners_of_contacts($1))
    select o.contact, c.id, c.archived_at is not null as is_archived
    from owner o join customers c on c.id = o.id
    order by o.contact, is_archived, c.created_at, c.id
"""


class PostgresContacts:
    """The `Contacts` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def owners(self, contacts: Collection[str]) -> Sequence[ContactOwner]:
        rows = await self._work.connection.fetch(_OWNERS, list(contacts)) if contacts else []
        return [
            ContactOwner(contact=row["contact"], customer=row["id"], is_archived=row["is_archived"]) for row in rows
        ]
