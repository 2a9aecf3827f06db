"""What people prove who they are with: a password, a mailed code. Neither can be guessed at will."""

from domains.identity.codes import MOST_TRIES, Codes
from domains.identity.model import ConfirmedRegistration
from domains.identity.ports import Accounts, Attempts, Credentials, PasswordHasher, Registrations
from domains.shared.clock import Clock
from domains.shared.errors import InvalidCode, InvalidCredentials
from domains.shared.work import UnitOfWork

# To who is signed in: there is no address to be wrong about.
WRONG_PRESENT_ONE = "The present password is wrong."


class PasswordCheck:
    """Compares passwords. An address without an account is treated, counted and answered like one with."""

    def __init__(self, accounts: Accounts, hasher: PasswordHasher, attempts: Attempts, work: UnitOfWork) -> None:
        self.accounts = accounts
        self.hasher = hasher
        self.attempts = attempts
        self.work = work

    async def passed(self, email: str, password: str, *, refusal: str = "E-mail or password is wrong.") -> Credentials:
        """The credentials that the password is right for, else `InvalidCredentials` with `refusal`, after as long.

        An attempt counts before it is known to fail, or many at once would pass the limit; a right one is given back.
        Beyond the limit it is `RateLimited`, whether right or wrong, except where the person has logged in before:
        there it is counted apart, so that no stranger can lock anybody out. A hash of older days is made anew.
        """
        async with self.work:
            allowance = await self.attempts.login(email)
            known = await self.accounts.credentials(email)
        allowance.must_be_granted()
        right = await self.hasher.verify(password, known.password_hash if known else None)
        if known is None or not right:
            raise InvalidCredentials(refusal)
        return await self._renewed(email, password, known)

    async def _renewed(self, email: str, password: str, known: Credentials) -> Credentials:
        made = await self.hasher.renewed(password, known.password_hash) if known.account else None
        async with self.work:
            await self.attempts.login_succeeded(email)
            if made is None or known.account is None:
                return known
            await self.accounts.renew_hash(known.account, old=known.password_hash, new=made)
        return Credentials(password_hash=made, account=known.account)


class CodeCheck:
    """Compares mailed codes."""

    def __init__(
        self, registrations: Registrations, codes: Codes, attempts: Attempts, clock: Clock, work: UnitOfWork
    ) -> None:
        self.registrations = registrations
        self.codes = codes
        self.attempts = attempts
        self.clock = clock
        self.work = work

    async def passed(self, email: str, code: str) -> ConfirmedRegistration:
        """The registration that the code confirms, else `InvalidCode`.

        - A code lives 10 minutes and stands 5 tries; wrong, spent and expired ones get the same answer.
        - An address stands 20 guesses an hour, whatever its codes, then all are `RateLimited`.
        - However many come at once, each counts.
        """
        async with self.work:
            allowance = await self.attempts.code_guess(email)
            found = None
            if allowance.granted:
                found = await self.registrations.try_code(
                    email, digest=self.digest(code), now=self.clock.now(), most_tries=MOST_TRIES
                )
        allowance.must_be_granted()
        if found is None:
            raise InvalidCode("The code is wrong, used or too old.")
        return found

    def digest(self, code: str) -> bytes:
        return self.codes.digest(code)
