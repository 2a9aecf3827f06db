"""Sending letters from what follows a commit."""

from datetime import datetime
from uuid import UUID, uuid5

import msgspec

from domains.letters.delivering import DELIVER_LETTER, FORGET_LETTER
from domains.letters.model import KEPT, Letter, LetterCall
from domains.letters.ports import LetterBook, Post
from domains.shared.clock import Clock
from domains.shared.languages import language_of
from domains.shared.vendors import CallState, TwoStep
from domains.shared.work import UnitOfWork

_DEFAULT_ZONE = "UTC"


async def write_down(letter_id: UUID, letter: Letter, *, book: LetterBook, now: datetime, work: UnitOfWork) -> None:
    """Write a letter down in the work under way, unless it is there. One without secret words is delivered after it."""
    if not await book.add(letter_id, letter, now=now):
        return
    work.later(FORGET_LETTER, letter_id, at=now + KEPT)
    if not letter.is_secret:
        work.later(DELIVER_LETTER, letter_id, at=now)


class Errand(msgspec.Struct, frozen=True):
    """The envelope for which somebody works."""

    envelope: UUID


class Sending:
    """The `Letters` of a follow-up. Its work is its own: it may be called after the caller's transaction only."""

    def __init__(self, errand: Errand, book: LetterBook, post: Post, clock: Clock, work: UnitOfWork) -> None:
        self.errand = errand
        self.book = book
        self.clock = clock
        self.work = work
        self.two_step = TwoStep(book, post, work)

    async def send(
        self,
        *,
        to: str,
        template: str,
        words: dict[str, str],
        language: str | None = None,
        calendar: str | None = None,
    ) -> None:
        """Send one letter for the envelope, however often this is called for it.

        - The language is the given one, else the tenant's, else English.
        - `calendar` is an iCalendar document that goes with it: only with one that has secret words.
        - One with secret words is sent here and now, and again whenever it is asked for again: its words are not kept.
          `TryLater` where the mail server does not take it now.
        - Any other is written down, and delivered after that by an envelope of its own.
        """
        letter_id = uuid5(self.errand.envelope, f"{template}\n{to}")
        now = self.clock.now()
        async with self.work:
            own_language, zone = await self.book.locale()
            letter = Letter(
                to=to,
                template=template,
                words=words,
                language=language_of(language, own_language),
                timezone=words.get("timezone") or zone or _DEFAULT_ZONE,
                calendar=calendar,
            )
            await write_down(letter_id, letter, book=self.book, now=now, work=self.work)
            attempt = await self.book.reopen(letter_id) if letter.is_secret else 0
        if letter.is_secret:
            await self.two_step.carry_out(
                LetterCall(id=letter_id, order=letter, state=CallState.PENDING, attempt=attempt, may_repeat=True)
            )
