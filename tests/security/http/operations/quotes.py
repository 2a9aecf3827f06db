"""Quotes, and the offers that customers answer."""

from domains.shared.permissions import Permission
from tests.security.http.operations.customers import customer
from tests.security.http.operations.known import Known, made
from tests.support.house import House
from tests.support.people import Tenant


async def _quote(house: House, tenant: Tenant) -> str:
    body = {"customerId": await customer(house, tenant), "items": [{"description": "Work", "unitPrice": 100}]}
    return await made(house, tenant, "/quotes", body)


QUOTES = Known(
    permission_of={
        "acceptOffer": None,
        "changeQuote": Permission.QUOTES_WRITE,
        "changeQuoteStatus": Permission.QUOTES_WRITE,
        "createQuote": Permission.QUOTES_WRITE,
        "deleteQuote": Permission.QUOTES_WRITE,
        "getOfferPdf": None,
        "getQuote": Permission.QUOTES_READ,
        "getQuotePdf": Permission.QUOTES_READ,
        "listQuoteVersions": Permission.QUOTES_READ,
        "listQuotes": Permission.QUOTES_READ,
        "rejectOffer": None,
        "reviseQuote": Permission.QUOTES_WRITE,
        "sendQuote": Permission.QUOTES_WRITE,
        "showOffer": None,
    },
    asks_more={"createQuote": "not_found", "reviseQuote": "invalid_transition"},
    makers={"quoteId": _quote},
    shown_in={"quoteId": {"listAuditLog", "listQuotes"}},
)
