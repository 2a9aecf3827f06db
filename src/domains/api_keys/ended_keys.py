"""What becomes of API keys that ended with the password of who made them."""

from uuid import UUID

from domains.api_keys.keys import KeyRing
from domains.credentials import EmailChanges
from domains.shared.audit import Note
from domains.shared.work import UnitOfWork

CLEAR_ENDED_KEYS = "identity.clear_ended_keys"


class EndedKeys:
    """Tells each business of the keys that opened it until a moment ago."""

    def __init__(self, changes: EmailChanges, keys: KeyRing, work: UnitOfWork) -> None:
        self.changes = changes
        self.keys = keys
        self.work = work

    async def clear(self, account: UUID) -> None:
        """Take the account's ended keys off the lists of its tenants, and note them. Repeating it does no harm."""
        async with self.work:
            places = await self.changes.places(account)
        for place in places:
            async with self.work.within(place.tenant):
                for key in await self.keys.remove_ended(place.user):
                    self.work.note(Note(action="api_key.revoked", subject=key.id, before=key))
