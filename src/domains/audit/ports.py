"""What the audit log needs from the world."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from domains.audit.views import AuditEntryView, VerificationView
from domains.shared.paging import Page, PageRequest


class AuditFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries are wanted. `occurred_from` is included, `occurred_before` is not."""

    actor: UUID | None = None
    action: str | None = None
    subject: UUID | None = None
    occurred_from: datetime | None = None
    occurred_before: datetime | None = None


class AuditQueries(Protocol):
    """The tenant's audit log, to be read. Needs `audit:read`."""

    async def page(self, wanted: AuditFilter, request: PageRequest) -> Page[AuditEntryView]:
        """A page by `occurred_at`, ties broken by id."""
        ...

    async def verify(self) -> VerificationView:
        """Work out the whole chain anew, and compare."""
        ...


class AuditErasure(Protocol):
    """Takes a person out of the tenant's audit log. The entries stay, and so does the proof."""

    async def erase(self, person: UUID) -> None:
        """Delete IP and agent where the person acted, and the values of fields where the person is the subject."""
        ...


class Seals(Protocol):
    """The chains of all tenants, for the sealer."""

    async def waiting(self) -> list[UUID]:
        """The tenants that have entries not sealed yet."""
        ...

    async def seal(self, tenant: UUID, most: int) -> int:
        """Number and chain up to `most` entries, and say how many: 0 also while another sealer is at it."""
        ...
