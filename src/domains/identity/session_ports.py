"""What the keeping of sessions needs from the world."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

import msgspec

from domains.identity.ports import OpenedSession
from domains.identity.refreshing import Opening
from domains.identity.session import Session


class RefreshOutcome(StrEnum):
    """What became of a refresh token that was presented.

    `rotated`: exchanged. `repeated`: exchanged a moment ago, and the same pair is given again. `reused`: exchanged
    before, and the session has been ended for it. `suspended`: the user or the tenant is.
    """

    ROTATED = "rotated"
    REPEATED = "repeated"
    REUSED = "reused"
    SUSPENDED = "suspended"
    UNKNOWN = "unknown"


class Refreshed(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a refresh token; unless it is unknown, with its session. `issued_at` where there is a new pair."""

    outcome: RefreshOutcome
    session: Session | None = None
    issued_at: datetime | None = None


class OpenSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session that has not ended, as its person sees it."""

    id: UUID
    tenant: UUID
    slug: str
    tenant_name: str
    ip: str | None
    agent: str | None
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime


class SessionBook(Protocol):
    """All sessions, in the present work. One that ends is refused here at once, elsewhere within a second."""

    async def refresh(self, digest: bytes, *, successor: bytes, at: datetime, grace: timedelta) -> Refreshed:
        """Exchange a refresh token for its successor, once, however many try.

        Within `grace` of that, and until the successor is used, it is `repeated`; after that the session is ended.
        """
        ...

    async def switch(self, present: UUID, *, tenant: UUID, opening: Opening) -> OpenedSession | None:
        """A second session of the same account in `tenant`, which lasts as long as the present one.

        None where the person is no member there. Raises `AccountSuspended`.
        """
        ...

    async def of(self, account: UUID) -> list[OpenSession]:
        """All that are open, in every tenant; the one used last comes first."""
        ...

    async def end(self, account: UUID, session: UUID) -> bool:
        """End one. False where the account has no such session."""
        ...

    async def end_all(self, account: UUID, *, but: UUID | None = None, tenant: UUID | None = None) -> int:
        """End all of the account's, or those in one tenant, except `but`; say how many."""
        ...
