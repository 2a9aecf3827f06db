"""What people prove who they are with beside the password."""

from datetime import timedelta
from uuid import UUID

import msgspec

from domains.identity.codes import Codes
from domains.identity.errors import TwoFactorRequired
from domains.identity.password_ports import Passwords
from domains.identity.ports import Attempts, Credentials
from domains.identity.proofs import WRONG_PRESENT_ONE, PasswordCheck
from domains.identity.recovery_codes import digest
from domains.identity.second_factor_ports import Authenticator, SecondFactor, SecondFactors
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.errors import Conflict, InvalidCode, InvalidCredentials, RateLimited, ValidationFailed
from domains.shared.work import UnitOfWork

FRESH = timedelta(minutes=10)
"""For so long signing in is proof enough of who somebody is."""

_WRONG = "The code is wrong, or was used before."


class SecondFactorCheck:
    """Compares codes by time and recovery codes. 30 wrong ones a day and account are looked at, then none."""

    def __init__(
        self, factors: SecondFactors, authenticator: Authenticator, codes: Codes, attempts: Attempts, work: UnitOfWork
    ) -> None:
        self.factors = factors
        self.authenticator = authenticator
        self.codes = codes
        self.attempts = attempts
        self.work = work

    async def passed(self, account: UUID, code: str | None) -> bool:
        """Raise unless the account has no second factor, or this is its code; the code is used up. Whether it has one.

        `TwoFactorRequired` where there is none, `InvalidCode` where it is wrong or was used, `RateLimited` after too
        many. An attempt counts before it is known to fail; a right one is given back. Where the person has signed in
        before it is counted apart, so that no stranger can lock anybody out.
        """
        async with self.work:
            factor = await self.factors.of(account)
            if factor is None or not factor.is_on:
                return False
            if code is None:
                raise TwoFactorRequired
            allowance = await self.attempts.second_factor(account)
            is_right = allowance.granted and await self._is_used(account, factor, code)
            if is_right:
                await self.attempts.second_factor_succeeded(account)
        allowance.must_be_granted()
        if not is_right:
            raise InvalidCode(_WRONG)
        return True

    async def first_step(self, account: UUID, code: str) -> int:
        """The step of the first code for a secret that waits to be confirmed; else as above."""
        async with self.work:
            factor = await self.factors.of(account)
            if factor is None or factor.is_on:
                raise Conflict("No second factor waits to be confirmed.")
            allowance = await self.attempts.second_factor(account)
            step = self.authenticator.step(account, factor.sealed, code) if allowance.granted else None
            if step is not None:
                await self.attempts.second_factor_succeeded(account)
        allowance.must_be_granted()
        if step is None:
            raise InvalidCode(_WRONG)
        return step

    async def _is_used(self, account: UUID, factor: SecondFactor, code: str) -> bool:
        step = self.authenticator.step(account, factor.sealed, code)
        if step is not None:
            return await self.factors.use_step(account, step)
        return await self.factors.use_recovery_code(account, digest(code, self.codes))


class LoginCheck:
    """All that a login is checked for: the password, then the second factor where there is one."""

    def __init__(self, password: PasswordCheck, second: SecondFactorCheck) -> None:
        self.password = password
        self.second = second

    async def passed(self, email: str, password: str, code: str | None) -> Credentials:
        """The credentials, as `PasswordCheck` and `SecondFactorCheck` say."""
        known = await self.password.passed(email, password)
        if known.account is None:
            return known
        second = await self.second.passed(known.account, code)
        return msgspec.structs.replace(known, second=second)


class Reauthentication:
    """Asks those who are signed in to show once more who they are: a session may have been left open, or stolen."""

    def __init__(
        self, passwords: Passwords, password: PasswordCheck, second: SecondFactorCheck, work: UnitOfWork
    ) -> None:
        self.passwords = passwords
        self.password = password
        self.second = second
        self.work = work

    async def passed(self, actor: Actor, *, password: str, code: str | None = None) -> str:
        """The account's address. Raise unless the password is right, and `code` where it is given; a refusal is noted.

        The code is looked at only beside the right password: alone it can neither be guessed at nor used up.
        """
        return await self._shown(actor, password, code, asks_for_code=code is not None)

    async def passed_wholly(self, actor: Actor, *, password: str, code: str | None) -> str:
        """As `passed`, but where the account has a second factor it is `TwoFactorRequired` without a code."""
        return await self._shown(actor, password, code, asks_for_code=True)

    async def passed_lately(self, actor: Actor, *, password: str | None) -> str:
        """As `passed`, but for who has just signed in, that was proof enough: then `password` may be absent."""
        if password is not None:
            return await self.passed(actor, password=password)
        async with self.work:
            is_fresh = await self.passwords.is_fresh(actor.session, within=FRESH)
        if not is_fresh:
            raise ValidationFailed.of("password", "required", "You signed in a while ago: your password is needed.")
        return await self.address(actor)

    async def address(self, actor: Actor) -> str:
        """The account's address."""
        async with self.work:
            email = await self.passwords.address(actor.session)
        if email is None:
            raise InvalidCredentials("The session has ended.")
        return email

    async def _shown(self, actor: Actor, password: str, code: str | None, *, asks_for_code: bool) -> str:
        email = await self.address(actor)
        try:
            await self.password.passed(email, password, refusal=WRONG_PRESENT_ONE)
            if asks_for_code:
                await self.second.passed(actor.account, code)
        except (InvalidCredentials, InvalidCode, RateLimited, TwoFactorRequired):
            async with self.work:
                self.work.note(Note(action="reauthentication.refused", subject=actor.user))
            raise
        return email
