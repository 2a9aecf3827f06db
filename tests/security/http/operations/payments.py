"""Payments, refunds and the ledger."""

from domains.shared.permissions import Permission
from tests.security.http.operations.customers import customer
from tests.security.http.operations.known import Known, made
from tests.support.house import House
from tests.support.people import Tenant

_ITEM = {"description": "Work", "unitPrice": 100}


async def _payment(house: House, tenant: Tenant) -> str:
    body = {"customerId": await customer(house, tenant), "items": [_ITEM]}
    invoice = await made(house, tenant, "/invoices", body)
    async with house.client(tenant.owner.token) as client:
        await client.patch(f"/invoices/{invoice}/status", json={"status": "sent"})
    return await made(house, tenant, f"/invoices/{invoice}/payments", {"amount": 100, "method": "cash"})


async def _refund(house: House, tenant: Tenant) -> str:
    return await made(house, tenant, f"/payments/{await _payment(house, tenant)}/refund", {})


PAYMENTS = Known(
    permission_of={
        "createPaymentIntent": Permission.PAYMENTS_WRITE,
        "getPayment": Permission.PAYMENTS_READ,
        "getReceipt": Permission.PAYMENTS_READ,
        "getReconciliation": Permission.PAYMENTS_READ,
        "getRefund": Permission.PAYMENTS_READ,
        "getStatement": Permission.PAYMENTS_READ,
        "getStatementPdf": Permission.PAYMENTS_READ,
        "listBalances": Permission.PAYMENTS_READ,
        "listInvoicePayments": Permission.PAYMENTS_READ,
        "listLedger": Permission.PAYMENTS_READ,
        "listPayments": Permission.PAYMENTS_READ,
        "listRefunds": Permission.PAYMENTS_READ,
        "payInvoice": None,
        "recordPayment": Permission.PAYMENTS_WRITE,
        "refundPayment": Permission.PAYMENTS_REFUND,
    },
    asks_more={
        "createPaymentIntent": "not_found",
        "getReconciliation": "not_found",
        "recordPayment": "invalid_transition",
        "refundPayment": "overrefund",
    },
    makers={"paymentId": _payment, "refundId": _refund},
    shown_in={"paymentId": {"listAuditLog", "listLedger", "listPayments"}, "refundId": {"listLedger"}},
)
