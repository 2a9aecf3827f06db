"""Who a session belongs to, asked once a request: one statement, no transaction."""

from uuid import UUID

from domains.identity import Session
from domains.shared.permissions import Role
from domains.shared.plans import Plan
from infra.postgres.database import Database, driver_of
from infra.postgres.failures import passing

_ACCESS = "select account, tenant, member, role, plan from directory.access($1)"


class PostgresSessions:
    """Finds live sessions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, session_id: UUID) -> Session | None:
        """The session, with its user's present role; None when it has ended."""
        try:
            async with self._database.connection() as connection:
                row = await (await driver_of(connection)).fetchrow(_ACCESS, session_id)
        except Exception as error:
            if meant := passing(error):
                raise meant from error
            raise
        if row is None or row["account"] is None:
            return None
        return Session(
            id=session_id,
            account=row["account"],
            tenant=row["tenant"],
            user=row["member"],
            role=Role(row["role"]),
            plan=Plan(row["plan"]),
        )
