"""Memberships in the directory."""

from uuid import UUID

from infra.postgres.work import PostgresWork

_JOIN = "select directory.join_tenant($1, $2, $3)"
_FOUND = "select directory.found_tenant($1, $2, $3, $4, $5)"


class PostgresMemberships:
    """The `Memberships`. The directory asks each tenant's policy itself."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def join(self, session: UUID, *, slug: str, user: UUID) -> bool:
        return bool(await self._work.connection.fetchval(_JOIN, session, slug, user))

    async def found(self, session: UUID, *, tenant: UUID, owner: UUID, name: str, slugs: list[str]) -> str | None:
        slug: str | None = await self._work.connection.fetchval(_FOUND, session, tenant, owner, name, slugs)
        return slug
