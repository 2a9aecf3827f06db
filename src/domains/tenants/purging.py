"""How all of a closed business goes when its time is over, and its owners are told."""

from typing import Protocol
from uuid import UUID, uuid5

import msgspec

from domains.jobs import Files
from domains.letters import Letter, LetterBook, write_down
from domains.shared.clock import Clock
from domains.shared.work import UnitOfWork

PURGE = "tenants.purge"
_ROWS_AT_ONCE = 1_000
_TEMPLATE = "tenant_deleted"


class Recipient(msgspec.Struct, frozen=True):
    """An owner, as letters reach them: in their own language, or else in the tenant's."""

    email: str
    display_name: str
    language: str


class Farewell(msgspec.Struct, frozen=True):
    """What is still known of a business when its rows are gone: its name, and whom to tell."""

    name: str
    timezone: str
    owners: tuple[Recipient, ...]

    def letter(self, owner: Recipient, tenant: UUID) -> Letter:
        words = {"displayName": owner.display_name, "tenantName": self.name, "tenantId": str(tenant)}
        return Letter(to=owner.email, template=_TEMPLATE, words=words, language=owner.language, timezone=self.timezone)


class Remains(Protocol):
    """What is left of the tenant to which the work is bound, whose time is over."""

    async def farewell(self) -> Farewell | None:
        """What is to be known to the end: kept when it is first asked for. None where its time is not over."""
        ...

    async def purge(self, most: int) -> int | None:
        """Delete up to `most` rows, and say how many; None unless the tenant is closed and its time is over."""
        ...

    async def forget(self) -> bool:
        """Delete what the directory knows of it, and note that. False where rows have come meanwhile."""
        ...


class Purging:
    """Deletes a closed business when its time is over."""

    def __init__(self, remains: Remains, files: Files, book: LetterBook, clock: Clock, work: UnitOfWork) -> None:
        self.remains = remains
        self.files = files
        self.book = book
        self.clock = clock
        self.work = work

    async def purge(self, tenant: UUID) -> None:
        """Delete all rows and files of the tenant, a thousand rows in a transaction, then what the directory knows.

        - Stopped anywhere, it goes on where it was. One that was opened again, or closed anew, is let be.
        - Its owners' letters are written in the transaction that ends it: each gets one, and not before.
        """
        async with self.work:
            farewell = await self.remains.farewell()
        if farewell is None:
            return
        while await self._has_rows():
            pass
        await self.files.delete_all()
        async with self.work:
            is_gone = await self.remains.forget()
            for owner in farewell.owners if is_gone else ():
                letter_id, letter = uuid5(tenant, owner.email), farewell.letter(owner, tenant)
                await write_down(letter_id, letter, book=self.book, now=self.clock.now(), work=self.work)
        if not is_gone:
            await self.purge(tenant)

    async def _has_rows(self) -> bool:
        async with self.work:
            return bool(await self.remains.purge(_ROWS_AT_ONCE))
