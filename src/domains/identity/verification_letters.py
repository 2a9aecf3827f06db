"""The letter that confirms an address."""

from uuid import UUID

from domains.identity.codes import LIFETIME, Codes
from domains.identity.ports import Letters, Registrations
from domains.shared.clock import Clock
from domains.shared.work import UnitOfWork

MAIL_CODE = "identity.mail_code"


class VerificationLetters:
    """Mails codes. A code is made when its letter is sent, so that it rests nowhere but in the letter."""

    def __init__(
        self, registrations: Registrations, letters: Letters, codes: Codes, clock: Clock, work: UnitOfWork
    ) -> None:
        self.registrations = registrations
        self.letters = letters
        self.codes = codes
        self.clock = clock
        self.work = work

    async def send(self, registration: UUID) -> None:
        """Send the code of a registration, or, to an address that has an account, word of that.

        - A new code kills the one before it, so sending twice is safe.
        - A registration that is gone gets nothing.
        """
        code = self.codes.new()
        expires_at = self.clock.now() + LIFETIME
        async with self.work:
            issued = await self.registrations.issue_code(
                registration, digest=self.codes.digest(code), expires_at=expires_at
            )
            language = await self.registrations.language(registration)
        if issued is None:
            return
        words = {"displayName": issued.display_name, "tenantName": issued.tenant_name}
        if issued.is_known:
            await self.letters.send(to=issued.email, template="known_address", words=words, language=language)
        else:
            words["code"] = code
            await self.letters.send(to=issued.email, template="verification_code", words=words, language=language)
