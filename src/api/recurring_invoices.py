"""What is charged again and again, over HTTP."""

from collections.abc import Sequence
from typing import Annotated

from dishka.integrations.litestar import FromDishka
from litestar import Response, delete, get, patch, post
from litestar.params import JSONBody, QueryParameter
from litestar.types import ControllerRouterHandler

from api.etag import IfMatch, created, expected_versions, tagged
from api.paging import Cursors, Listing, ListOf
from api.parameters import ByCreation, CursorText, Id, IncludeTotal, Limit, OfCustomer
from api.problems import problems
from domains.invoices import (
    ChangeRecurringInvoice,
    ChangeRecurringInvoiceStatus,
    CreateRecurringInvoice,
    RecurringFilter,
    RecurringInvoiceQueries,
    RecurringInvoiceView,
    RecurringKeeping,
    RecurringStatus,
)
from domains.shared.actor import Actor

StatusFilter = Annotated[RecurringStatus | None, QueryParameter(name="status")]

_ITEM = {"description": "Yearly service of the boiler", "unitPrice": 18900, "taxRate": "8.875"}
_PLANS = {
    "customerId": "0192f0c1-2b3c-7d4e-8f50-617283940a1b",
    "items": [_ITEM],
    "every": "month",
    "startsOn": "2999-01-31",
    "sends": True,
}
_TAGS = ["Invoices"]


@post("/recurring-invoices", opt={"example": _PLANS}, tags=_TAGS, responses=problems("not_found"),
      description=RecurringKeeping.create.__doc__)  # fmt: skip
async def create_recurring_invoice(
    data: JSONBody[CreateRecurringInvoice], keeping: FromDishka[RecurringKeeping]
) -> Response[RecurringInvoiceView]:
    recurring = RecurringInvoiceView.of(await keeping.create(data))
    return created(recurring, location=f"/api/v1/recurring-invoices/{recurring.id}")


@get("/recurring-invoices", tags=_TAGS)
async def list_recurring_invoices(
    asker: FromDishka[Actor],
    query: FromDishka[RecurringInvoiceQueries],
    cursors: FromDishka[Cursors],
    sort: ByCreation = "-createdAt",
    status: StatusFilter = None,
    customer: OfCustomer = None,
    limit: Limit = 20,
    cursor: CursorText = None,
    include_total: IncludeTotal = False,
) -> ListOf[RecurringInvoiceView]:
    """List what the business charges again and again, newest first."""
    wanted = RecurringFilter(status=status, customer_id=customer)
    listing = Listing.of("listRecurringInvoices", asker, sort=sort, status=status, customer=customer)
    page = await query.page(wanted, cursors.wanted(listing, limit=limit, cursor=cursor, include_total=include_total))
    return cursors.shown(listing, page)


@get("/recurring-invoices/{recurring_invoice_id:str}", tags=_TAGS)
async def get_recurring_invoice(
    recurring_invoice_id: Id, query: FromDishka[RecurringInvoiceQueries]
) -> Response[RecurringInvoiceView]:
    """Show what is charged again and again, with its next dates."""
    return tagged(await query.one(recurring_invoice_id))


@patch("/recurring-invoices/{recurring_invoice_id:str}", opt={"example": {"items": [_ITEM], "endsOn": "2999-12-31"}},
       tags=_TAGS, responses=problems("invalid_transition"), description=RecurringKeeping.change.__doc__)  # fmt: skip
async def change_recurring_invoice(
    recurring_invoice_id: Id,
    data: JSONBody[ChangeRecurringInvoice],
    keeping: FromDishka[RecurringKeeping],
    if_match: IfMatch = None,
) -> Response[RecurringInvoiceView]:
    recurring = await keeping.change(recurring_invoice_id, data, expected=expected_versions(if_match))
    return tagged(RecurringInvoiceView.of(recurring))


@patch("/recurring-invoices/{recurring_invoice_id:str}/status", opt={"example": {"status": "paused"}}, tags=_TAGS,
       responses=problems("invalid_transition"), description=RecurringKeeping.move.__doc__)  # fmt: skip
async def change_recurring_invoice_status(
    recurring_invoice_id: Id,
    data: JSONBody[ChangeRecurringInvoiceStatus],
    keeping: FromDishka[RecurringKeeping],
    if_match: IfMatch = None,
) -> Response[RecurringInvoiceView]:
    recurring = await keeping.move(recurring_invoice_id, data, expected=expected_versions(if_match))
    return tagged(RecurringInvoiceView.of(recurring))


@delete("/recurring-invoices/{recurring_invoice_id:str}", tags=_TAGS, responses=problems("invalid_transition"),
        description=RecurringKeeping.delete.__doc__)  # fmt: skip
async def delete_recurring_invoice(
    recurring_invoice_id: Id, keeping: FromDishka[RecurringKeeping], if_match: IfMatch = None
) -> None:
    await keeping.delete(recurring_invoice_id, expected=expected_versions(if_match))


RECURRING_INVOICE_ROUTES: Sequence[ControllerRouterHandler] = (
    create_recurring_invoice,
    list_recurring_invoices,
    get_recurring_invoice,
    change_recurring_invoice,
    change_recurring_invoice_status,
    delete_recurring_invoice,
)
