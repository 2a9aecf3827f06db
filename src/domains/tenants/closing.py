"""How a business leaves: it closes, may think better of it for thirty days, and then all of it goes."""

import copy
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from domains.identity import Letters
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock, timestamp
from domains.shared.permissions import Permission
from domains.shared.versions import must_be_current
from domains.shared.work import UnitOfWork
from domains.tenants.events import TenantClosed, TenantReopened
from domains.tenants.model import Tenant
from domains.tenants.ports import Tenants
from domains.tenants.purging import PURGE, Recipient

GRACE = timedelta(days=30)
MAIL_CLOSED = "tenants.mail_closed"
MAIL_REOPENED = "tenants.mail_reopened"


class Ending(Protocol):
    """The end of the tenant to which the work is bound."""

    async def close(self, *, at: datetime, until: datetime) -> None:
        """Let nobody in but owners."""
        ...

    async def reopen(self) -> None:
        """Let in again whom closing kept out; who was suspended before stays so."""
        ...

    async def owners(self) -> list[Recipient]: ...


class Closing:
    """Closes a business, and opens it again."""

    def __init__(self, actor: Actor, tenants: Tenants, ending: Ending, clock: Clock, work: UnitOfWork) -> None:
        self.actor = actor
        self.tenants = tenants
        self.ending = ending
        self.clock = clock
        self.work = work

    async def close(self, *, expected: Collection[int] | None) -> None:
        """Close the business: in thirty days all of its data is deleted.

        - Until then nobody but its owners gets in; they can export, and restore it.
        - Its owners are told by letter. Closing it again changes nothing.
        - Afterwards nothing of it is left, and its slug stays free for thirty days more.
        """
        self.actor.must(Permission.TENANT_DELETE)
        async with self.work:
            await close(self.tenants, self.ending, self.clock, self.work, expected=expected)

    async def restore(self, *, expected: Collection[int] | None) -> Tenant:
        """Open a business again that was closed less than thirty days ago.

        - Who was kept out meanwhile gets in again. One that is open stays as it is.
        - In the last five minutes it is too late: `conflict`.
        """
        self.actor.must(Permission.TENANT_DELETE)
        async with self.work:
            tenant = await self.tenants.for_change()
            must_be_current(tenant.version, expected)
            if tenant.is_closing:
                before = copy.copy(tenant)
                tenant.reopen(now=self.clock.now())
                await self.ending.reopen()
                await self.tenants.save(tenant)
                self.work.record(TenantReopened.about(tenant))
                self.work.note(Note(action="tenant.reopened", subject=tenant.id, before=before, after=tenant))
        return tenant


async def close(
    tenants: Tenants, ending: Ending, clock: Clock, work: UnitOfWork, *, expected: Collection[int] | None = None
) -> None:
    """Close the tenant to which the work under way is bound."""
    tenant, now = await tenants.for_change(), clock.now()
    must_be_current(tenant.version, expected)
    if tenant.is_closing:
        return
    before = copy.copy(tenant)
    until = tenant.close(now=now, grace=GRACE)
    await ending.close(at=now, until=until)
    await tenants.save(tenant)
    work.later(PURGE, tenant.id, at=until)
    work.record(TenantClosed.about(tenant))
    work.note(Note(action="tenant.closed", subject=tenant.id, before=before, after=tenant))


class ClosingLetters:
    """Tells the owners."""

    def __init__(self, tenants: Tenants, ending: Ending, letters: Letters, work: UnitOfWork) -> None:
        self.tenants = tenants
        self.ending = ending
        self.letters = letters
        self.work = work

    async def closed(self, _tenant: UUID) -> None:
        """That it will be deleted, and when. One that was opened again meanwhile is not spoken of."""
        await self._tell("tenant_closed", when_closing=True)

    async def reopened(self, _tenant: UUID) -> None:
        """That it will not be deleted."""
        await self._tell("tenant_reopened", when_closing=False)

    async def _tell(self, template: str, *, when_closing: bool) -> None:
        async with self.work:
            tenant = await self.tenants.for_change()
            owners = await self.ending.owners()
        if tenant.is_closing is not when_closing:
            return
        until = {"deletesAt": timestamp(tenant.deletes_at)} if tenant.deletes_at else {}
        for owner in owners:
            words = {"displayName": owner.display_name, "tenantName": tenant.name, **until}
            await self.letters.send(to=owner.email, template=template, words=words, language=owner.language)
