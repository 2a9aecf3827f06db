"""Billing: what every document of money has in common. Items, sums, taxes, and how documents are numbered."""

from domains.billing.defaults import BillingSettings, DocumentDefaults
from domains.billing.items import (
    Amount,
    Discount,
    DocumentTax,
    DocumentTaxes,
    Item,
    Items,
    ItemTax,
    WantedItem,
    WantedItems,
    billed,
    document_taxes,
    items_of,
    percent_text,
)
from domains.billing.numbering import DocumentKind, DocumentNumber, DocumentNumbers, Series
from domains.billing.printing import Letterhead, Party, PrintedQuote, Typesetting, address_lines
from domains.billing.sums import LARGEST, Sums, TaxSum, apportioned, half_up, sums_of

__all__ = [
    "LARGEST",
    "Amount",
    "BillingSettings",
    "Discount",
    "DocumentDefaults",
    "DocumentKind",
    "DocumentNumber",
    "DocumentNumbers",
    "DocumentTax",
    "DocumentTaxes",
    "Item",
    "ItemTax",
    "Items",
    "Letterhead",
    "Party",
    "PrintedQuote",
    "Series",
    "Sums",
    "TaxSum",
    "Typesetting",
    "WantedItem",
    "WantedItems",
    "address_lines",
    "apportioned",
    "billed",
    "document_taxes",
    "half_up",
    "items_of",
    "percent_text",
    "sums_of",
]
