"""Invoices, what is credited of them, and what is charged again and again."""

from domains.shared.permissions import Permission
from tests.security.http.operations.customers import customer
from tests.security.http.operations.known import Known, made
from tests.support.house import House
from tests.support.people import Tenant

_ITEM = {"description": "Work", "unitPrice": 100}


async def _invoice(house: House, tenant: Tenant) -> str:
    return await made(house, tenant, "/invoices", {"customerId": await customer(house, tenant), "items": [_ITEM]})


async def _credit_note(house: House, tenant: Tenant) -> str:
    invoice = await _invoice(house, tenant)
    async with house.client(tenant.owner.token) as client:
        await client.patch(f"/invoices/{invoice}/status", json={"status": "sent"})
    return await made(house, tenant, f"/invoices/{invoice}/credit-notes", {"amount": 1})


async def _recurring(house: House, tenant: Tenant) -> str:
    body = {"customerId": await customer(house, tenant), "items": [_ITEM], "every": "month", "startsOn": "2999-01-31"}
    return await made(house, tenant, "/recurring-invoices", body)


INVOICES = Known(
    permission_of={
        "changeInvoice": Permission.INVOICES_WRITE,
        "changeInvoiceStatus": Permission.INVOICES_WRITE,
        "changeRecurringInvoice": Permission.INVOICES_WRITE,
        "changeRecurringInvoiceStatus": Permission.INVOICES_WRITE,
        "convertQuote": Permission.INVOICES_WRITE,
        "createCreditNote": Permission.INVOICES_WRITE,
        "createInvoice": Permission.INVOICES_WRITE,
        "createRecurringInvoice": Permission.INVOICES_WRITE,
        "deleteInvoice": Permission.INVOICES_WRITE,
        "deleteRecurringInvoice": Permission.INVOICES_WRITE,
        "getBillPdf": None,
        "getCreditNote": Permission.INVOICES_READ,
        "getCreditNotePdf": Permission.INVOICES_READ,
        "getInvoice": Permission.INVOICES_READ,
        "getInvoicePdf": Permission.INVOICES_READ,
        "getRecurringInvoice": Permission.INVOICES_READ,
        "listCreditNotes": Permission.INVOICES_READ,
        "listInvoices": Permission.INVOICES_READ,
        "listRecurringInvoices": Permission.INVOICES_READ,
        "sendInvoice": Permission.INVOICES_WRITE,
        "showBill": None,
    },
    asks_more={
        "convertQuote": "invalid_transition",
        "createCreditNote": "invalid_transition",
        "createInvoice": "not_found",
        "createRecurringInvoice": "not_found",
    },
    makers={"creditNoteId": _credit_note, "invoiceId": _invoice, "recurringInvoiceId": _recurring},
    shown_in={
        "creditNoteId": {"listAuditLog", "listLedger"},
        "invoiceId": {"listAuditLog", "listInvoices"},
        "recurringInvoiceId": {"listAuditLog", "listRecurringInvoices"},
    },
)
