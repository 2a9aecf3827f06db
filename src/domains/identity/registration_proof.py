"""Whose registration a code opens.

Anybody can register anybody's address, so several registrations of one may wait side by side, each with a code of its
own, all mailed to the same person. A code opens the registration that it was mailed for. Where there are others, the
password that was registered with has to be given too: the owner of the address knows the code of a stranger's
registration, but not its password, and cannot be made to open it.
"""

from domains.identity.model import ConfirmedRegistration
from domains.identity.ports import PasswordHasher, Registrations
from domains.identity.proofs import CodeCheck
from domains.shared.errors import InvalidCode, InvalidCredentials
from domains.shared.work import UnitOfWork


class RegistrationCheck:
    """Compares the code, and the password where it is needed."""

    def __init__(
        self, check: CodeCheck, registrations: Registrations, hasher: PasswordHasher, work: UnitOfWork
    ) -> None:
        self.check = check
        self.registrations = registrations
        self.hasher = hasher
        self.work = work

    async def passed(self, email: str, code: str, password: str | None) -> tuple[ConfirmedRegistration, str | None]:
        """The registration that both are right for, and the slug of the tenant that it joins, if it joins one.

        - `InvalidCode` as `CodeCheck` says, and for a wrong password, which counts as a wrong code.
        - `InvalidCredentials` for the right code without the password where others have registered the address too.
        """
        found = await self.check.passed(email, code)
        async with self.work:
            claim = await self.registrations.claim(found.id)
        if claim is None:
            raise InvalidCode("The code is wrong, used or too old.")
        if claim.has_rivals and password is None:
            raise InvalidCredentials("This address was registered more than once: give the password that you chose.")
        if password is not None and not await self.hasher.verify(password, claim.password_hash):
            async with self.work:
                await self.registrations.miss(found.id)
            raise InvalidCode("The code is wrong, used or too old.")
        return found, claim.joins

    def digest(self, code: str) -> bytes:
        return self.check.digest(code)
