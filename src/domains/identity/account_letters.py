"""Letters that tell people what happened to their account."""

from uuid import UUID

from domains.identity.password_ports import Recipients
from domains.identity.ports import Letters
from domains.identity.tokens import MailedLink
from domains.shared.work import UnitOfWork

MAIL_JOINED = "identity.mail_joined"
MAIL_PASSWORD_CHANGED = "identity.mail_password_changed"  # noqa: S105 - the kind of an envelope
MAIL_TWO_FACTOR_CHANGED = "identity.mail_two_factor_changed"


class AccountLetters:
    """Tells people of changes that they should know of, in case they did not make them."""

    def __init__(self, recipients: Recipients, letters: Letters, link: MailedLink, work: UnitOfWork) -> None:
        self.recipients = recipients
        self.letters = letters
        self.link = link
        self.work = work

    async def password_changed(self, account: UUID) -> None:
        """Tell the person that the password is another one."""
        await self._tell(account, "password_changed")

    async def two_factor_changed(self, account: UUID) -> None:
        """Tell the person that second factors were set up, taken away, or given new recovery codes."""
        await self._tell(account, "two_factor_changed")

    async def joined(self, user: UUID) -> None:
        """Welcome a new user of a tenant."""
        async with self.work:
            recipient = await self.recipients.user(user)
        if recipient is not None:
            words = {"displayName": recipient.display_name, "tenantName": recipient.tenant_name}
            words["link"] = self.link.page("login")
            await self.letters.send(to=recipient.email, template="joined", words=words, language=recipient.language)

    async def _tell(self, account: UUID, template: str) -> None:
        async with self.work:
            recipient = await self.recipients.of(account)
        if recipient is not None:
            words = {"displayName": recipient.display_name}
            await self.letters.send(to=recipient.email, template=template, words=words, language=recipient.language)
