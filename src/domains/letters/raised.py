"""Letters of which nobody can tell whether they were taken."""

from uuid import UUID

from domains.letters.delivering import DELIVER_LETTER
from domains.letters.ports import LetterBook
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.errors import Conflict
from domains.shared.work import UnitOfWork


class RaisedLetters:
    """What an operator decides about them, at the command line."""

    def __init__(self, book: LetterBook, clock: Clock, work: UnitOfWork) -> None:
        self.book = book
        self.clock = clock
        self.work = work

    async def resend(self, letter_id: UUID) -> None:
        """Send it again: its reader may get it twice. `Conflict` where it is in no doubt, or its words are not kept."""
        async with self.work:
            if not await self.book.answer_for(letter_id, resend=True):
                raise Conflict("There is no such letter in doubt whose words are kept.")
            self.work.later(DELIVER_LETTER, letter_id, at=self.clock.now())
            self.work.note(Note(action="letter.resent", subject=letter_id))

    async def dismiss(self, letter_id: UUID) -> None:
        """Leave it: its reader may never get it. `Conflict` where it is not in doubt."""
        async with self.work:
            if not await self.book.answer_for(letter_id, resend=False):
                raise Conflict("There is no such letter in doubt.")
            self.work.note(Note(action="letter.dismissed", subject=letter_id))
