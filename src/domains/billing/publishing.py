"""Putting a document out: its number and its link; and finding it by that link."""

from datetime import date, datetime
from secrets import token_urlsafe
from uuid import UUID

from domains.billing.defaults import BillingSettings, DocumentDefaults
from domains.billing.document import Document
from domains.billing.links import DocumentLinks
from domains.billing.numbering import DocumentKind, DocumentNumbers, Series
from domains.inbox import Routes
from domains.shared.errors import NotFound
from domains.shared.work import UnitOfWork

_BYTES = 32


class Publishing:
    """A step of others, inside their work."""

    def __init__(self, numbers: DocumentNumbers, routes: Routes, settings: BillingSettings) -> None:
        self.numbers = numbers
        self.routes = routes
        self.settings = settings

    async def today(self, *, now: datetime) -> date:
        """The day that it is for the business."""
        return (await self.settings.defaults()).day_of(now)

    async def link(self, document: Document, links: DocumentLinks) -> bytes:
        """The link of a document that goes out, locked."""
        token = token_urlsafe(_BYTES)
        await self.routes.add(links.kind.value, token, document.id)
        return links.lock(document, token)

    async def number(self, kind: DocumentKind, defaults: DocumentDefaults, *, now: datetime) -> str:
        """The next number. It comes last: others wait for it until the work ends."""
        return await self.numbers.next(Series.at(kind, defaults.form_of(kind), now, defaults.zone))


class PublicLinks:
    """Finds what the links of documents lead to."""

    def __init__(self, routes: Routes, work: UnitOfWork) -> None:
        self.routes = routes
        self.work = work

    async def bind(self, kind: DocumentKind, token: str) -> UUID:
        """The id of the document; the work is bound to its tenant from here on.

        A token that leads nowhere: `NotFound`.
        """
        async with self.work.within(None):
            route = await self.routes.find(kind.value, token)
        if route is None:
            raise NotFound.one(kind.value)
        self.work.within(route.tenant)
        return route.subject
