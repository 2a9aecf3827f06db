"""Sessions in the directory: opened, carried on, listed and ended."""

from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import msgspec

from domains.identity import (
    AccountSuspended,
    MembershipView,
    OpenedSession,
    Opening,
    OpenSession,
    Refreshed,
    RefreshOutcome,
    Session,
)
from domains.shared.permissions import Role
from domains.shared.plans import Plan
from infra.postgres.recording import Origin
from infra.postgres.work import PostgresWork

_REFRESH = "select * from directory.refresh_session($1, $2, $3, $4, $5)"
_SWITCH = "select * from directory.switch_session($1, $2, $3, $4, $5)"
_OF = "select * from directory.sessions_of($1)"
_END = "select directory.end_session($1, $2)"
_END_ALL = "select directory.end_sessions($1, $2, $3)"


class PostgresSessionBook:
    """The `SessionBook`."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def refresh(self, digest: bytes, *, successor: bytes, at: datetime, grace: timedelta) -> Refreshed:
        caller = _json({"ip": self._work.origin.ip, "agent": self._work.origin.agent})
        row = await self._work.connection.fetchrow(_REFRESH, digest, successor, at, grace, caller)
        if row is None or row["session"] is None:
            return Refreshed(outcome=RefreshOutcome.UNKNOWN)
        outcome = RefreshOutcome(row["outcome"])
        if outcome is RefreshOutcome.REUSED:
            self._work.changes_access()
        return Refreshed(outcome=outcome, session=_session(row, row["session"]), issued_at=row["issued_at"])

    async def switch(self, present: UUID, *, tenant: UUID, opening: Opening) -> OpenedSession | None:
        terms = terms_of(opening, self._work.origin)
        row = await self._work.connection.fetchrow(
            _SWITCH, present, tenant, opening.session, opening.digest, terms
        )  # fmt: skip
        return opened_session(row, opening)

    async def of(self, account: UUID) -> list[OpenSession]:
        rows = await self._work.connection.fetch(_OF, account)
        return [
            OpenSession(
                id=row["id"],
                tenant=row["tenant"],
                slug=row["slug"],
                tenant_name=row["name"],
                ip=row["ip"],
                agent=row["agent"],
                created_at=row["created_at"],
                last_used_at=row["last_used_at"],
                expires_at=row["expires_at"],
            )
            for row in rows
        ]

    async def end(self, account: UUID, session: UUID) -> bool:
        self._work.changes_access()
        return bool(await self._work.connection.fetchval(_END, account, session))

    async def end_all(self, account: UUID, *, but: UUID | None = None, tenant: UUID | None = None) -> int:
        self._work.changes_access()
        return int(await self._work.connection.fetchval(_END_ALL, account, but, tenant))


def terms_of(opening: Opening, origin: Origin) -> str:
    """How long a session lasts, and from where it was opened, as the directory's functions take it."""
    return _json(
        {
            "idle": f"{opening.idle.total_seconds():.0f} seconds",
            "longest": f"{opening.longest.total_seconds():.0f} seconds",
            "most": opening.most,
            "second": opening.second,
            "ip": origin.ip,
            "agent": origin.agent,
        }
    )


def opened_session(row: asyncpg.Record | None, opening: Opening) -> OpenedSession | None:
    """The session that was opened; None where the person is no member. Raise `AccountSuspended`."""
    if row is None or row["tenant"] is None:
        return None
    if row["held"]:
        raise AccountSuspended("This account, or the business, is suspended.")
    tenants = msgspec.convert(row["tenants"], tuple[MembershipView, ...])
    return OpenedSession(session=_session(row, opening.session), tenants=tenants)


def _session(row: asyncpg.Record, session: UUID) -> Session:
    return Session(
        id=session,
        account=row["account"],
        tenant=row["tenant"],
        user=row["member"],
        role=Role(row["role"]),
        plan=Plan(row["plan"]),
    )


def _json(value: dict[str, object]) -> str:
    return msgspec.json.encode(value).decode()
