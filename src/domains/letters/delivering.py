"""Delivering letters that were written down, until the mail server has taken them or refused."""

from uuid import UUID

from domains.letters.ports import LetterBook, Post
from domains.shared.clock import Clock
from domains.shared.vendors import CallState, TryLater, TwoStep
from domains.shared.work import UnitOfWork

DELIVER_LETTER = "letters.deliver"
FORGET_LETTER = "letters.forget"


class Delivering:
    """Calls the mail server in two steps."""

    def __init__(self, book: LetterBook, post: Post, clock: Clock, work: UnitOfWork) -> None:
        self.book = book
        self.clock = clock
        self.work = work
        self.two_step = TwoStep(book, post, work)

    async def deliver(self, letter_id: UUID) -> None:
        """Have one letter taken. What is settled, or forgotten, is left alone.

        - Not taken now: tried again after 10 s, 20 s, 40 s … up to an hour, for a day; then it has failed.
        - Whether it was taken is not known: it is not sent again, but raised.
        """
        async with self.work:
            kept = await self.book.find(letter_id)
        if kept is None:
            return
        try:
            await self.two_step.carry_out(kept.call)
        except TryLater:
            await self._put_off(letter_id)

    async def forget(self, letter_id: UUID) -> None:
        """Remove it, settled or not: its time is over."""
        async with self.work:
            await self.book.forget(letter_id)

    async def _put_off(self, letter_id: UUID) -> None:
        now = self.clock.now()
        async with self.work:
            kept = await self.book.find(letter_id)
            if kept is None or kept.call.state is not CallState.PENDING:
                return
            if at := kept.next_try(now):
                await self.book.put_off(letter_id)
                self.work.later(DELIVER_LETTER, letter_id, at=at)
            else:
                await self.book.settle(letter_id, CallState.FAILED, attempt=kept.call.attempt, told="too_late")
