"""Billing: what every document of money has in common. Items, sums, taxes, and how documents are numbered."""

from domains.billing.items import (
    Amount,
    Discount,
    Item,
    Items,
    ItemTax,
    WantedItem,
    WantedItems,
    billed,
    items_of,
    percent_text,
)
from domains.billing.numbering import DocumentKind, DocumentNumber, DocumentNumbers, Series
from domains.billing.sums import LARGEST, Sums, TaxSum, apportioned, half_up, sums_of

__all__ = [
    "LARGEST",
    "Amount",
    "Discount",
    "DocumentKind",
    "DocumentNumber",
    "DocumentNumbers",
    "Item",
    "ItemTax",
    "Items",
    "Series",
    "Sums",
    "TaxSum",
    "WantedItem",
    "WantedItems",
    "apportioned",
    "billed",
    "half_up",
    "items_of",
    "percent_text",
    "sums_of",
]
