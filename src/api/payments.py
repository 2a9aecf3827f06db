"""Payments over HTTP."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from dishka.integrations.litestar import FromDishka
from litestar import Response, get, post
from litestar.params import JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK
from litestar.types import ControllerRouterHandler

from api.etag import created, tagged
from api.paging import Cursors, Listing, ListOf
from api.parameters import ByCreation, CursorText, Id, IncludeTotal, Limit, LinkInPath, OfCustomer
from api.periods import From, Period, To, period
from api.problems import already, problems
from domains.payments import (
    Begun,
    Collecting,
    CreateIntent,
    IntentView,
    PayingPublicly,
    Payment,
    PaymentFilter,
    PaymentMethod,
    PaymentQueries,
    PaymentStatus,
    PaymentView,
    PayPublicly,
    RecordPayment,
    Refunding,
    RefundPayment,
    RefundView,
    Taking,
)
from domains.shared.actor import Actor
from domains.shared.clock import TenantZone
from domains.shared.limits import LimitName
from domains.shared.wire import shown

StatusFilter = Annotated[PaymentStatus | None, QueryParameter(name="status")]
MethodFilter = Annotated[PaymentMethod | None, QueryParameter(name="method")]
InvoiceFilter = Annotated[UUID | None, QueryParameter(name="invoiceId")]

_ID = "0192f0c1-2b3c-7d4e-8f50-617283940a1b"
_OF_MONEY = ("not_found", "overpayment", "invalid_transition")
_OF_CARDS = (*_OF_MONEY, "conflict", "feature_disabled", "provider_error")
_PAYMENT = "/payments/{payment_id:str}"
_IN_CASH = {"amount": 12500, "method": "cash"}


@post("/payments/create-intent", opt={"example": {"invoiceId": _ID}, "made_at": _PAYMENT}, tags=["Payments"],
      responses=problems(*_OF_CARDS) | already(IntentView),
      description=Collecting.create_intent.__doc__)  # fmt: skip
async def create_payment_intent(
    data: JSONBody[CreateIntent], collecting: FromDishka[Collecting]
) -> Response[IntentView]:
    return _begun(await collecting.create_intent(data))


@get("/payments", tags=["Payments"])
async def list_payments(
    asker: FromDishka[Actor],
    query: FromDishka[PaymentQueries],
    tenant: FromDishka[TenantZone],
    cursors: FromDishka[Cursors],
    sort: ByCreation = "-createdAt",
    status: StatusFilter = None,
    method: MethodFilter = None,
    invoice: InvoiceFilter = None,
    customer: OfCustomer = None,
    begin: From = None,
    end: To = None,
    limit: Limit = 20,
    cursor: CursorText = None,
    include_total: IncludeTotal = False,
) -> ListOf[PaymentView]:
    """List the payments of the business, newest first. `from` and `to` are about the day on which they were made."""
    made_in = period(begin, end, await tenant.zone()) if begin or end else Period()
    wanted = PaymentFilter(status=status, method=method, invoice_id=invoice, customer_id=customer,
                           created_from=made_in.start, created_before=made_in.end)  # fmt: skip
    listing = Listing.of("listPayments", asker, sort=sort, status=status, method=method, invoice=invoice,
                         customer=customer, begin=begin, end=end)  # fmt: skip
    page = await query.page(wanted, cursors.wanted(listing, limit=limit, cursor=cursor, include_total=include_total))
    return cursors.shown(listing, page)


@get(_PAYMENT, tags=["Payments"])
async def get_payment(payment_id: Id, query: FromDishka[PaymentQueries]) -> Response[PaymentView]:
    """Show one payment."""
    return tagged(await query.one(payment_id))


@post("/payments/{payment_id:str}/refund", opt={"example": {"amount": 5000}}, tags=["Payments"],
      responses=problems("not_found", "overrefund", "invalid_transition", "feature_disabled", "provider_error"),
      description=Refunding.refund.__doc__)  # fmt: skip
async def refund_payment(
    payment_id: Id, data: JSONBody[RefundPayment], refunding: FromDishka[Refunding]
) -> Response[RefundView]:
    refund = shown(RefundView, await refunding.refund(payment_id, data))
    return created(refund, location=f"/api/v1/refunds/{refund.id}")


@get("/payments/{payment_id:str}/refunds", tags=["Payments"])
async def list_refunds(
    payment_id: Id,
    asker: FromDishka[Actor],
    query: FromDishka[PaymentQueries],
    cursors: FromDishka[Cursors],
    sort: ByCreation = "-createdAt",
    limit: Limit = 20,
    cursor: CursorText = None,
    include_total: IncludeTotal = False,
) -> ListOf[RefundView]:
    """List what went back of a payment, newest first. Raises `not_found` for one that is not there."""
    listing = Listing.of("listRefunds", asker, sort=sort, payment=payment_id)
    wanted = cursors.wanted(listing, limit=limit, cursor=cursor, include_total=include_total)
    return cursors.shown(listing, await query.refunds(payment_id, wanted))


@get("/refunds/{refund_id:str}", tags=["Payments"])
async def get_refund(refund_id: Id, query: FromDishka[PaymentQueries]) -> Response[RefundView]:
    """Show one refund."""
    return tagged(await query.refund(refund_id))


@post("/invoices/{invoice_id:str}/payments", opt={"example": _IN_CASH}, tags=["Payments"],
      responses=problems(*_OF_MONEY), description=Taking.record.__doc__)  # fmt: skip
async def record_payment(
    invoice_id: Id, data: JSONBody[RecordPayment], taking: FromDishka[Taking]
) -> Response[PaymentView]:
    payment = await taking.record(invoice_id, data)
    return created(_shown(payment), location=f"/api/v1/payments/{payment.id}")


@get("/invoices/{invoice_id:str}/payments", tags=["Payments"])
async def list_invoice_payments(
    invoice_id: Id,
    asker: FromDishka[Actor],
    query: FromDishka[PaymentQueries],
    cursors: FromDishka[Cursors],
    sort: ByCreation = "-createdAt",
    limit: Limit = 20,
    cursor: CursorText = None,
    include_total: IncludeTotal = False,
) -> ListOf[PaymentView]:
    """List the payments of an invoice, newest first. Raises `not_found` for one that is not there."""
    listing = Listing.of("listInvoicePayments", asker, sort=sort, invoice=invoice_id)
    wanted = cursors.wanted(listing, limit=limit, cursor=cursor, include_total=include_total)
    return cursors.shown(listing, await query.of_invoice(invoice_id, wanted))


@post("/public/invoices/{token:str}/pay", tags=["Payments"],
      opt={"public": True, "repeatable": True, "limit": LimitName.AUTH, "example": {}},
      responses=problems(*_OF_CARDS, "expired") | already(IntentView),
      description=PayingPublicly.pay.__doc__)  # fmt: skip
async def pay_invoice(
    token: LinkInPath, data: JSONBody[PayPublicly], paying: FromDishka[PayingPublicly]
) -> Response[IntentView]:
    return _begun(await paying.pay(token, data))


def _begun(begun: Begun) -> Response[IntentView]:
    if not begun.is_new:
        return Response(begun.intent, status_code=HTTP_200_OK)
    return Response(begun.intent, headers={"Location": f"/api/v1/payments/{begun.intent.payment_id}"})


def _shown(payment: Payment) -> PaymentView:
    return shown(PaymentView, payment, event_registration_id=None)


PAYMENT_ROUTES: Sequence[ControllerRouterHandler] = (
    create_payment_intent,
    list_payments,
    get_payment,
    refund_payment,
    list_refunds,
    get_refund,
    record_payment,
    list_invoice_payments,
    pay_invoice,
)
