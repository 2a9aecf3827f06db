"""The letters that tell people of their suspension, and of its end."""

from uuid import UUID

from domains.identity import Letters
from domains.shared.work import UnitOfWork
from domains.users.ports import Users

MAIL_ACTIVATED = "users.mail_activated"
MAIL_SUSPENDED = "users.mail_suspended"


class SuspensionLetters:
    """Tells people how they stand. What is not so any more when the letter is due is not told."""

    def __init__(self, users: Users, letters: Letters, work: UnitOfWork) -> None:
        self.users = users
        self.letters = letters
        self.work = work

    async def tell_suspended(self, user_id: UUID) -> None:
        await self._tell(user_id, template="user_suspended", is_suspended=True)

    async def tell_activated(self, user_id: UUID) -> None:
        await self._tell(user_id, template="user_activated", is_suspended=False)

    async def _tell(self, user_id: UUID, *, template: str, is_suspended: bool) -> None:
        async with self.work:
            person = await self.users.addressee(user_id)
        if person is None or (person.suspended_at is not None) != is_suspended:
            return
        words = {
            "displayName": person.display_name,
            "tenantName": person.tenant_name,
            "reason": person.suspension_reason or "",
        }
        await self.letters.send(to=person.email, template=template, words=words, language=person.language)
