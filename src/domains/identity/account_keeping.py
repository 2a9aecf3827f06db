"""What the operators of the platform do to accounts. They have a command line, and no address of the API."""

from typing import Protocol
from uuid import UUID

import msgspec

from domains.identity.events import TwoFactorChanged
from domains.identity.second_factor_ports import SecondFactors
from domains.identity.session_ports import SessionBook
from domains.shared.audit import Note
from domains.shared.contact import EmailAddress
from domains.shared.errors import Conflict, NotFound
from domains.shared.work import UnitOfWork

_BY = {"by": "operator"}


class AccountLine(msgspec.Struct, frozen=True):
    """An account, and who its person is in the tenant used last."""

    account: UUID
    tenant: UUID
    user: UUID


class AccountLines(Protocol):
    """The accounts in the directory. Only who owns the database reaches them."""

    async def find(self, email: str) -> AccountLine | None: ...


class AccountKeeping:
    """Helps people who cannot help themselves. Each change is noted where the person was last, and by address."""

    def __init__(self, lines: AccountLines, factors: SecondFactors, book: SessionBook, work: UnitOfWork) -> None:
        self.lines = lines
        self.factors = factors
        self.book = book
        self.work = work

    async def take_away_second_factor(self, email: str) -> None:
        """For who has lost both the second factor and the recovery codes, and has shown who they are.

        - All sessions of the account end, and a letter tells the person. The password stays.
        - Where there is no such account it is `not_found`; where no second factor is on, `conflict`.
        """
        line = await self._noted(email, "two_factor.taken_away")
        async with self.work.within(line.tenant):
            if not await self.factors.drop(line.account, session=None):
                raise Conflict("No second factor is on.")
            self.work.record(TwoFactorChanged(subject=line.account))
            self.work.note(Note(action="two_factor.taken_away", subject=line.user, facts=_BY))

    async def end_sessions(self, email: str) -> int:
        """End all sessions of an account, in all its tenants, and say how many there were. `not_found` without one."""
        line = await self._noted(email, "session.all_taken_away")
        async with self.work.within(line.tenant):
            ended = await self.book.end_all(line.account)
            self.work.note(Note(action="session.all_taken_away", subject=line.user, facts=_BY))
        return ended

    async def _noted(self, email: str, action: str) -> AccountLine:
        """The account. What is asked of one that is there is a security event, whatever comes of it."""
        address = EmailAddress.parse(email, "email").value
        async with self.work.within(None):
            line = await self.lines.find(address)
            if line is None:
                raise NotFound.one("account")
            self.work.note(Note(action=action, address=address))
        return line
