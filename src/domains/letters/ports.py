"""What letters need from the world."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from domains.letters.model import Kept, Letter
from domains.shared.vendors import Calls, Vendor

Post = Vendor[Letter]


class LetterBook(Calls, Protocol):
    """The letters of the tenant to which the present work is bound."""

    async def locale(self) -> tuple[str | None, str | None]:
        """The tenant's language and time zone; None for one that is not there yet."""
        ...

    async def add(self, letter_id: UUID, letter: Letter, *, now: datetime) -> bool:
        """Write it down, pending. False when it is there already. Secret words are not kept."""
        ...

    async def reopen(self, letter_id: UUID) -> int:
        """Make one that may be repeated pending again, and give the attempts begun so far."""
        ...

    async def find(self, letter_id: UUID) -> Kept | None: ...

    async def put_off(self, letter_id: UUID) -> None:
        """Count one more try that came to nothing."""
        ...

    async def answer_for(self, letter_id: UUID, *, resend: bool) -> bool:
        """Take what an operator decides about one that is unknown. False where it is not, or not any more."""
        ...

    async def forget(self, letter_id: UUID) -> None: ...
