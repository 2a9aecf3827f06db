"""Invoices and credit notes as PDF over HTTP."""

from collections.abc import Sequence

from dishka.integrations.litestar import FromDishka
from litestar import Response, get
from litestar.types import ControllerRouterHandler

from api.document_files import PDF, paper
from api.parameters import Id, LinkInPath
from api.problems import problems
from domains.invoices import BillPrinting, CreditNotePrinting, InvoicePrinting


@get("/invoices/{invoice_id:str}/pdf", tags=["Invoices"], media_type=PDF, opt={"file": PDF},
     description=InvoicePrinting.pdf.__doc__)  # fmt: skip
async def get_invoice_pdf(invoice_id: Id, printing: FromDishka[InvoicePrinting]) -> Response[bytes]:
    return paper(await printing.pdf(invoice_id))


@get("/credit-notes/{credit_note_id:str}/pdf", tags=["Invoices"], media_type=PDF, opt={"file": PDF},
     description=CreditNotePrinting.pdf.__doc__)  # fmt: skip
async def get_credit_note_pdf(credit_note_id: Id, printing: FromDishka[CreditNotePrinting]) -> Response[bytes]:
    return paper(await printing.pdf(credit_note_id))


@get("/public/invoices/{token:str}/pdf", media_type=PDF, opt={"file": PDF, "public": True}, tags=["Invoices"],
     responses=problems("not_found", "expired"), description=BillPrinting.pdf.__doc__)  # fmt: skip
async def get_bill_pdf(token: LinkInPath, printing: FromDishka[BillPrinting]) -> Response[bytes]:
    return paper(await printing.pdf(token))


INVOICE_PAPER_ROUTES: Sequence[ControllerRouterHandler] = (get_invoice_pdf, get_credit_note_pdf, get_bill_pdf)
