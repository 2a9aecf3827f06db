"""Giving a quote back that was converted to an invoice which is gone."""

import copy
from datetime import datetime
from uuid import UUID

from domains.quotes.events import QuoteReleased
from domains.quotes.ports import Quotes
from domains.shared.audit import Note
from domains.shared.work import UnitOfWork


class QuoteReleasing:
    """A step of others, inside their work."""

    def __init__(self, quotes: Quotes, work: UnitOfWork) -> None:
        self.quotes = quotes
        self.work = work

    async def release(self, quote_id: UUID, *, now: datetime) -> None:
        """Let it be converted again."""
        quote = await self.quotes.for_change(quote_id)
        before = copy.copy(quote)
        quote.release(now=now)
        await self.quotes.save(quote)
        self.work.record(QuoteReleased.about(quote))
        self.work.note(Note(action="quote.released", subject=quote.id, before=before, after=quote))
