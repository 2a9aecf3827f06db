"""Billing: what every document of money has in common. Items, sums, taxes, and how documents are numbered."""

from domains.billing.addressees import reachable, reached, standing_for
from domains.billing.commands import DocumentDraft, DocumentRevision, DocumentText, Draft, Revision
from domains.billing.currencies import decimals_of, in_units, written
from domains.billing.defaults import BillingSettings, DocumentDefaults, end_of
from domains.billing.document import Document, Priced, kept_text, sound_day
from domains.billing.drafting import Drafts
from domains.billing.items import (
    UNNAMED_TAX,
    Amount,
    Description,
    DocumentTax,
    DocumentTaxes,
    Item,
    Items,
    ItemTax,
    Quantity,
    Unit,
    WantedItem,
    billed,
    document_taxes,
    items_of,
    percent_text,
    shortest,
)
from domains.billing.links import DocumentLinks
from domains.billing.mailing import DocumentMailing
from domains.billing.numbering import DocumentKind, DocumentNumber, DocumentNumbers, Series
from domains.billing.papers import Paper, Stationer, Stationery
from domains.billing.price_keeping import PriceKeeping
from domains.billing.price_list import ChangePriceItem, CreatePriceItem, PriceItem, PriceItemChanged, PriceItemView
from domains.billing.price_ports import PriceItems, PriceQueries
from domains.billing.printing import (
    Letterhead,
    Party,
    PrintedDocument,
    PrintedReceipt,
    PrintedStatement,
    Sheet,
    Typesetting,
    address_lines,
)
from domains.billing.publishing import PublicLinks, Publishing
from domains.billing.shares import Deposit, Discount
from domains.billing.statements import AccountEntry, Movement
from domains.billing.sums import LARGEST, Line, Sums, apportioned, half_up, sums_of
from domains.billing.views import DocumentView, PublicUrl, SentView

__all__ = [
    "LARGEST",
    "UNNAMED_TAX",
    "AccountEntry",
    "Amount",
    "BillingSettings",
    "ChangePriceItem",
    "CreatePriceItem",
    "Deposit",
    "Description",
    "Discount",
    "Document",
    "DocumentDefaults",
    "DocumentDraft",
    "DocumentKind",
    "DocumentLinks",
    "DocumentMailing",
    "DocumentNumber",
    "DocumentNumbers",
    "DocumentRevision",
    "DocumentTax",
    "DocumentTaxes",
    "DocumentText",
    "DocumentView",
    "Draft",
    "Drafts",
    "Item",
    "ItemTax",
    "Items",
    "Letterhead",
    "Line",
    "Movement",
    "Paper",
    "Party",
    "PriceItem",
    "PriceItemChanged",
    "PriceItemView",
    "PriceItems",
    "PriceKeeping",
    "PriceQueries",
    "Priced",
    "PrintedDocument",
    "PrintedReceipt",
    "PrintedStatement",
    "PublicLinks",
    "PublicUrl",
    "Publishing",
    "Quantity",
    "Revision",
    "SentView",
    "Series",
    "Sheet",
    "Stationer",
    "Stationery",
    "Sums",
    "Typesetting",
    "Unit",
    "WantedItem",
    "address_lines",
    "apportioned",
    "billed",
    "decimals_of",
    "document_taxes",
    "end_of",
    "half_up",
    "in_units",
    "items_of",
    "kept_text",
    "percent_text",
    "reachable",
    "reached",
    "shortest",
    "sound_day",
    "standing_for",
    "sums_of",
    "written",
]
