"""Applying what the provider sent."""

from domains.inbox import Delivery
from domains.payments.hearing import PLATFORM
from domains.payments.news import News
from domains.payments.provider import EventReader


class ProviderApplier:
    """The `Applier` of the provider of card payments."""

    def __init__(self, reader: EventReader, news: News) -> None:
        self.reader = reader
        self.news = news

    async def apply(self, delivery: Delivery) -> None:
        """What is of no kind that we know is passed over."""
        told = self.reader.read(delivery.body).told
        if told is not None:
            await self.news.take(told, own=delivery.integration != PLATFORM)
