"""PDFs of documents, set by Typst."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import msgspec

from domains.billing import PrintedDocument, PrintedReceipt, PrintedStatement, Sheet
from domains.shared.languages import DEFAULT, language_of
from infra.documents.cross_industry import cross_industry_invoice, is_electronic
from infra.documents.labels import labels_by
from infra.documents.orders import Order
from infra.documents.press import Press
from infra.documents.shown import Shown, document_shown, receipt_shown, statement_shown
from infra.documents.wording import Wording
from infra.mail.catalogues import Catalogues


class TypstDocuments:
    """The `Typesetting` for one tenant, which may be known only when a paper is wanted: `tenant` is asked then."""

    def __init__(self, catalogues: Catalogues, press: Press, *, tenant: Callable[[], UUID]) -> None:
        self._catalogues = catalogues
        self._press = press
        self._tenant = tenant

    async def document(self, printed: PrintedDocument) -> bytes:
        shown = document_shown(printed, self._wording(printed))
        electronic = is_electronic(printed)
        if electronic:
            shown["xml"] = cross_industry_invoice(printed)
        return await self._pdf(shown, printed.issued_on, archival=electronic)

    async def receipt(self, printed: PrintedReceipt) -> bytes:
        return await self._pdf(receipt_shown(printed, self._wording(printed)), printed.paid_on)

    async def statement(self, printed: PrintedStatement) -> bytes:
        return await self._pdf(statement_shown(printed, self._wording(printed)), printed.end)

    def _wording(self, printed: Sheet) -> Wording:
        language = language_of(printed.language, DEFAULT)
        return Wording(language, printed.currency, labels_by(self._catalogues.of(language).gettext))

    async def _pdf(self, shown: Shown, day: date, *, archival: bool = False) -> bytes:
        order = Order(msgspec.json.encode(shown).decode(), day, archival=archival)
        return (await self._press.compiled(order, tenant=self._tenant()))[0]
