"""Invoices over HTTP, and what is credited of them."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Annotated, Any

from dishka.integrations.litestar import FromDishka
from litestar import Request, Response, delete, get, patch, post
from litestar.params import JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK
from litestar.types import ControllerRouterHandler

from api.csv_text import asks_for_csv
from api.document_files import also_csv, columns_of, documents_csv
from api.etag import IfMatch, created, expected_versions, tagged
from api.paging import Cursors, Listing, ListOf
from api.parameters import ByCreation, CursorText, Id, IncludeTotal, Limit, LinkInPath, OfCustomer, SearchText
from api.periods import From, Period, To, period
from api.problems import already, problems
from domains.invoices import (
    BillView,
    ChangeInvoice,
    ChangeInvoiceStatus,
    Converting,
    CreateInvoice,
    Crediting,
    CreditInvoice,
    CreditNoteQueries,
    CreditNoteView,
    Invoice,
    InvoiceDeleting,
    InvoiceDrafting,
    InvoiceFilter,
    InvoiceLinks,
    InvoiceMoving,
    InvoiceQueries,
    InvoiceSending,
    InvoiceShowing,
    InvoiceStatus,
    InvoiceView,
)
from domains.shared.actor import Actor
from domains.shared.clock import TenantZone

StatusFilter = Annotated[InvoiceStatus | None, QueryParameter(name="status")]
DueBy = Annotated[date | None, QueryParameter(name="dueBy")]

_ITEM = {"description": "Replace the kitchen tap", "quantity": "1.5", "unitPrice": 12500, "taxRate": "8.875"}
_COLUMNS = columns_of(
    InvoiceView, "number", "status", "customer_id", "currency", "subtotal", "discount_total", "tax_total", "total",
    "deposit_amount", "deposit_due", "deposit_due_date",
    "amount_paid", "amount_credited", "amount_due", "issued_at", "due_date", "paid_at", "cancelled_at", "created_at",
    "quote_id", "id",
)  # fmt: skip
_DRAFTS = {
    "customerId": "0192f0c1-2b3c-7d4e-8f50-617283940a1b",
    "items": [_ITEM],
    "deposit": {"percent": "30"},
    "dueDate": "2999-12-31",
}
_CHANGES = {"items": [_ITEM], "discount": {"percent": "10"}, "notes": "Thank you."}


@post("/invoices", opt={"example": _DRAFTS}, tags=["Invoices"], responses=problems("not_found"),
      description=InvoiceDrafting.create.__doc__)  # fmt: skip
async def create_invoice(
    data: JSONBody[CreateInvoice], drafting: FromDishka[InvoiceDrafting], links: FromDishka[InvoiceLinks]
) -> Response[InvoiceView]:
    invoice = await drafting.create(data)
    return created(_shown(invoice, links), location=f"/api/v1/invoices/{invoice.id}")


@get("/invoices", tags=["Invoices"], opt={"also": also_csv(_COLUMNS)})
async def list_invoices(
    request: Request[Any, Any, Any],
    asker: FromDishka[Actor],
    query: FromDishka[InvoiceQueries],
    tenant: FromDishka[TenantZone],
    cursors: FromDishka[Cursors],
    sort: ByCreation = "-createdAt",
    status: StatusFilter = None,
    customer: OfCustomer = None,
    due_by: DueBy = None,
    search: SearchText = None,
    begin: From = None,
    end: To = None,
    limit: Limit = 20,
    cursor: CursorText = None,
    include_total: IncludeTotal = False,
) -> Response[ListOf[InvoiceView]]:
    """List the invoices of the business, newest first.

    `from` and `to` are about the day on which they were drafted. `dueBy` wants those of which something is to be paid
    until that day, if only a deposit. `search` wants each of its words in the number, the items, the notes or the
    terms, or finds the customer. With `Accept: text/csv` all invoices from there on come in one file, streamed, with
    amounts in the whole unit of their currency.
    """
    made_in = period(begin, end, await tenant.zone()) if begin or end else Period()
    wanted = InvoiceFilter(status=status, customer_id=customer, due_by=due_by, search=search,
                           created_from=made_in.start, created_before=made_in.end)  # fmt: skip
    listing = Listing.of("listInvoices", asker, sort=sort, status=status, customer=customer, due_by=due_by,
                         search=search, begin=begin, end=end)  # fmt: skip
    ask = cursors.wanted(listing, limit=limit, cursor=cursor, include_total=include_total)
    page = await query.page(wanted, ask)
    if asks_for_csv(request):
        return documents_csv("invoices", _COLUMNS, page, ask, partial(query.page, wanted))
    return Response(cursors.shown(listing, page))


@get("/invoices/{invoice_id:str}", tags=["Invoices"])
async def get_invoice(invoice_id: Id, query: FromDishka[InvoiceQueries]) -> Response[InvoiceView]:
    """Show one invoice."""
    return tagged(await query.one(invoice_id))


@patch("/invoices/{invoice_id:str}", opt={"example": _CHANGES}, tags=["Invoices"],
       responses=problems("invalid_transition"), description=InvoiceDrafting.change.__doc__)  # fmt: skip
async def change_invoice(
    invoice_id: Id,
    data: JSONBody[ChangeInvoice],
    drafting: FromDishka[InvoiceDrafting],
    links: FromDishka[InvoiceLinks],
    if_match: IfMatch = None,
) -> Response[InvoiceView]:
    return tagged(_shown(await drafting.change(invoice_id, data, expected=expected_versions(if_match)), links))


@delete("/invoices/{invoice_id:str}", tags=["Invoices"], responses=problems("invalid_transition"),
        description=InvoiceDeleting.delete.__doc__)  # fmt: skip
async def delete_invoice(invoice_id: Id, deleting: FromDishka[InvoiceDeleting], if_match: IfMatch = None) -> None:
    await deleting.delete(invoice_id, expected=expected_versions(if_match))


@patch("/invoices/{invoice_id:str}/status", opt={"example": {"status": "sent"}}, tags=["Invoices"],
       responses=problems("already_exists", "invalid_transition", "deadline_passed"),
       description=InvoiceMoving.move.__doc__)  # fmt: skip
async def change_invoice_status(
    invoice_id: Id,
    data: JSONBody[ChangeInvoiceStatus],
    moving: FromDishka[InvoiceMoving],
    links: FromDishka[InvoiceLinks],
    if_match: IfMatch = None,
) -> Response[InvoiceView]:
    return tagged(_shown(await moving.move(invoice_id, data, expected=expected_versions(if_match)), links))


@post("/invoices/{invoice_id:str}/send", tags=["Invoices"], status_code=HTTP_200_OK,
      responses=problems("already_exists", "conflict", "invalid_transition", "deadline_passed"),
      description=InvoiceSending.send.__doc__)  # fmt: skip
async def send_invoice(
    invoice_id: Id, sending: FromDishka[InvoiceSending], links: FromDishka[InvoiceLinks]
) -> Response[InvoiceView]:
    return tagged(_shown(await sending.send(invoice_id), links))


@post("/invoices/{invoice_id:str}/credit-notes", opt={"example": {"reason": "The tap was faulty"}}, tags=["Invoices"],
      responses=problems("already_exists", "invalid_transition", "overpayment"),
      description=Crediting.credit.__doc__)  # fmt: skip
async def create_credit_note(
    invoice_id: Id, data: JSONBody[CreditInvoice], crediting: FromDishka[Crediting]
) -> Response[CreditNoteView]:
    note = CreditNoteView.of(await crediting.credit(invoice_id, data))
    return created(note, location=f"/api/v1/credit-notes/{note.id}")


@get("/invoices/{invoice_id:str}/credit-notes", tags=["Invoices"])
async def list_credit_notes(
    invoice_id: Id,
    asker: FromDishka[Actor],
    query: FromDishka[CreditNoteQueries],
    cursors: FromDishka[Cursors],
    sort: ByCreation = "-createdAt",
    limit: Limit = 20,
    cursor: CursorText = None,
    include_total: IncludeTotal = False,
) -> ListOf[CreditNoteView]:
    """List what was credited of an invoice, newest first."""
    listing = Listing.of("listCreditNotes", asker, sort=sort, invoice=invoice_id)
    wanted = cursors.wanted(listing, limit=limit, cursor=cursor, include_total=include_total)
    return cursors.shown(listing, await query.page(invoice_id, wanted))


@get("/credit-notes/{credit_note_id:str}", tags=["Invoices"])
async def get_credit_note(credit_note_id: Id, query: FromDishka[CreditNoteQueries]) -> Response[CreditNoteView]:
    """Show one credit note."""
    return tagged(await query.one(credit_note_id))


@post("/quotes/{quote_id:str}/convert", tags=["Quotes"],
      responses=problems("invalid_transition") | already(InvoiceView),
      description=Converting.convert.__doc__)  # fmt: skip
async def convert_quote(
    quote_id: Id, converting: FromDishka[Converting], links: FromDishka[InvoiceLinks]
) -> Response[InvoiceView]:
    done = await converting.convert(quote_id)
    shown = _shown(done.invoice, links)
    return created(shown, location=f"/api/v1/invoices/{shown.id}") if done.is_new else tagged(shown, status_code=200)


@get("/public/invoices/{token:str}", opt={"public": True}, tags=["Invoices"],
     responses=problems("not_found", "expired"), description=InvoiceShowing.show.__doc__)  # fmt: skip
async def show_bill(token: LinkInPath, showing: FromDishka[InvoiceShowing]) -> BillView:
    return await showing.show(token)


def _shown(invoice: Invoice, links: InvoiceLinks) -> InvoiceView:
    return InvoiceView.of(invoice, public_url=links.url(invoice))


INVOICE_ROUTES: Sequence[ControllerRouterHandler] = (
    create_invoice,
    list_invoices,
    get_invoice,
    change_invoice,
    delete_invoice,
    change_invoice_status,
    send_invoice,
    create_credit_note,
    list_credit_notes,
    get_credit_note,
    convert_quote,
    show_bill,
)
