"""Billing: what every document of money has in common. Items, sums, taxes, and how documents are numbered."""

from domains.billing.addressees import letter_words, reachable, reached, standing_for
from domains.billing.commands import DocumentText, Draft, Revision
from domains.billing.defaults import BillingSettings, DocumentDefaults, end_of
from domains.billing.document import Document, carried_out, kept_text, sound_day
from domains.billing.items import (
    Amount,
    Description,
    Discount,
    DocumentTax,
    DocumentTaxes,
    Item,
    Items,
    ItemTax,
    Quantity,
    WantedItem,
    WantedItems,
    billed,
    document_taxes,
    items_of,
    percent_text,
    shortest,
)
from domains.billing.links import DocumentLinks
from domains.billing.numbering import DocumentKind, DocumentNumber, DocumentNumbers, Series
from domains.billing.printing import Letterhead, Party, PrintedQuote, Typesetting, address_lines
from domains.billing.publishing import PublicLinks, Publishing
from domains.billing.sums import LARGEST, Line, Sums, TaxSum, apportioned, half_up, sums_of
from domains.billing.views import DocumentView, PublicUrl, SentView, shown

__all__ = [
    "LARGEST",
    "Amount",
    "BillingSettings",
    "Description",
    "Discount",
    "Document",
    "DocumentDefaults",
    "DocumentKind",
    "DocumentLinks",
    "DocumentNumber",
    "DocumentNumbers",
    "DocumentTax",
    "DocumentTaxes",
    "DocumentText",
    "DocumentView",
    "Draft",
    "Item",
    "ItemTax",
    "Items",
    "Letterhead",
    "Line",
    "Party",
    "PrintedQuote",
    "PublicLinks",
    "PublicUrl",
    "Publishing",
    "Quantity",
    "Revision",
    "SentView",
    "Series",
    "Sums",
    "TaxSum",
    "Typesetting",
    "WantedItem",
    "WantedItems",
    "address_lines",
    "apportioned",
    "billed",
    "carried_out",
    "document_taxes",
    "end_of",
    "half_up",
    "items_of",
    "kept_text",
    "letter_words",
    "percent_text",
    "reachable",
    "reached",
    "shortest",
    "shown",
    "sound_day",
    "standing_for",
    "sums_of",
]
