"""Invoices and credit notes as programs read them: a Cross Industry Invoice (UN/CEFACT D16B) by EN 16931.

Every amount is the document's own. Prices that include their tax become net ones, line by line, that add up to them.
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from domains.billing import DocumentKind, Party, PrintedDocument, decimals_of, in_units
from infra.documents.net_lines import UNTAXED, Group, NetLine, Rate, groups_of, net_lines
from infra.documents.units import unit_code

EU = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
     "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}
)  # fmt: skip
_VAT_PREFIX: Mapping[str, str] = MappingProxyType({"GR": "EL"})
_TYPES: Mapping[DocumentKind, str] = MappingProxyType({DocumentKind.INVOICE: "380", DocumentKind.CREDIT_NOTE: "381"})
_BASE = "urn:un:unece:uncefact:data:standard:"
_SPACES: Mapping[str, str] = MappingProxyType(
    {
        "rsm": f"{_BASE}CrossIndustryInvoice:100",
        "ram": f"{_BASE}ReusableAggregateBusinessInformationEntity:100",
        "udt": f"{_BASE}UnqualifiedDataType:100",
        "qdt": f"{_BASE}QualifiedDataType:100",
    }
)
_PROFILE = "urn:cen.eu:en16931:2017"
_MOST_DECIMALS = 2
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def is_electronic(printed: PrintedDocument) -> bool:
    """Whether it can be told by EN 16931: a numbered invoice or credit note of a business in the EU with a tax number.

    What is cancelled claims nothing. The standard knows one tax a line, amounts of two decimals at most, and buyers
    with a name.
    """
    return bool(
        printed.kind in _TYPES
        and printed.number
        and not printed.cancelled_on
        and printed.head.tax_number
        and printed.head.business.country in EU
        and printed.customer.name
        and decimals_of(printed.currency) <= _MOST_DECIMALS
        and all(len(item.taxes) <= 1 for item in printed.items if item.counts)
        and {tax.rate for tax in printed.taxes} <= {tax.rate for item in printed.items for tax in item.taxes}
        and any(item.counts for item in printed.items)
    )


def cross_industry_invoice(printed: PrintedDocument) -> str:
    """The XML. Only for what `is_electronic`."""
    return _Telling(printed).all()


class _Telling:
    """One document, part by part in the order of the schema."""

    def __init__(self, printed: PrintedDocument) -> None:
        self._of = printed
        self._lines = list(net_lines(printed))
        self._groups = groups_of(printed, self._lines)

    def all(self) -> str:
        for prefix, space in _SPACES.items():
            register_namespace(prefix, space)
        root = Element(_named("rsm:CrossIndustryInvoice"))
        context = _put(root, "rsm:ExchangedDocumentContext")
        _put(_put(context, "ram:GuidelineSpecifiedDocumentContextParameter"), "ram:ID", _PROFILE)
        self._head(_put(root, "rsm:ExchangedDocument"))
        trade = _put(root, "rsm:SupplyChainTradeTransaction")
        for at, line in enumerate(self._lines, 1):
            self._line(_put(trade, "ram:IncludedSupplyChainTradeLineItem"), line, at)
        self._parties(_put(trade, "ram:ApplicableHeaderTradeAgreement"))
        _put(trade, "ram:ApplicableHeaderTradeDelivery")
        self._settlement(_put(trade, "ram:ApplicableHeaderTradeSettlement"))
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode")

    def _head(self, at: Element) -> None:
        _put(at, "ram:ID", self._of.number)
        _put(at, "ram:TypeCode", _TYPES[self._of.kind])
        _day(_put(at, "ram:IssueDateTime"), self._of.issued_on)
        for text in filter(None, map(_told, (self._of.notes, self._of.head.footer))):
            _put(_put(at, "ram:IncludedNote"), "ram:Content", text)

    def _line(self, at: Element, line: NetLine, number: int) -> None:
        _put(_put(at, "ram:AssociatedDocumentLineDocument"), "ram:LineID", str(number))
        _put(_put(at, "ram:SpecifiedTradeProduct"), "ram:Name", _told(line.item.description) or "-")
        agreed = _put(at, "ram:SpecifiedLineTradeAgreement")
        _put(_put(agreed, "ram:NetPriceProductTradePrice"), "ram:ChargeAmount", f"{line.price:f}")
        delivered = _put(at, "ram:SpecifiedLineTradeDelivery")
        _put(delivered, "ram:BilledQuantity", line.item.quantity, unitCode=unit_code(line.item.unit))
        settled = _put(at, "ram:SpecifiedLineTradeSettlement")
        _category(_put(settled, "ram:ApplicableTradeTax"), line.rate)
        if line.allowance:
            self._reduction(_put(settled, "ram:SpecifiedTradeAllowanceCharge"), line.allowance)
        total = _put(settled, "ram:SpecifiedTradeSettlementLineMonetarySummation")
        _put(total, "ram:LineTotalAmount", self._amount(line.net))

    def _parties(self, at: Element) -> None:
        """The number of a seller is its VAT number if it begins with the country's letters, else that of its office."""
        head = self._of.head
        country = head.business.country or ""
        number = "".join((head.tax_number or "").upper().split())
        is_vat = number.startswith(_VAT_PREFIX.get(country, country))
        seller = _put(at, "ram:SellerTradeParty")
        if not is_vat:
            _put(seller, "ram:ID", number)
        _party(seller, head.business, country)
        registration = _put(seller, "ram:SpecifiedTaxRegistration")
        _put(registration, "ram:ID", number, schemeID="VA" if is_vat else "FC")
        _party(_put(at, "ram:BuyerTradeParty"), self._of.customer, self._of.customer.country or country)

    def _settlement(self, at: Element) -> None:
        _put(at, "ram:InvoiceCurrencyCode", self._of.currency)
        for group in self._groups:
            self._taxed(_put(at, "ram:ApplicableTradeTax"), group)
        for group in self._groups:
            if group.lines != group.base:
                reduction = _put(at, "ram:SpecifiedTradeAllowanceCharge")
                self._reduction(reduction, group.lines - group.base)
                _category(_put(reduction, "ram:CategoryTradeTax"), group.rate)
        terms = _put(at, "ram:SpecifiedTradePaymentTerms")
        if (text := _told(self._of.terms)) or not self._of.due_on:
            _put(terms, "ram:Description", text or "On receipt")
        if self._of.due_on:
            _day(_put(terms, "ram:DueDateDateTime"), self._of.due_on)
        self._totals(_put(at, "ram:SpecifiedTradeSettlementHeaderMonetarySummation"))
        if self._of.corrects:
            _put(_put(at, "ram:InvoiceReferencedDocument"), "ram:IssuerAssignedID", self._of.corrects)

    def _taxed(self, at: Element, group: Group) -> None:
        _put(at, "ram:CalculatedAmount", self._amount(group.tax))
        _put(at, "ram:TypeCode", "VAT")
        if group.rate is UNTAXED:
            _put(at, "ram:ExemptionReason", "No tax is charged")
        _put(at, "ram:BasisAmount", self._amount(group.base))
        _put(at, "ram:CategoryCode", _code(group.rate))
        _put(at, "ram:RateApplicablePercent", group.rate or "0")

    def _reduction(self, at: Element, amount: int) -> None:
        """An allowance, or a charge where it is negative."""
        _put(_put(at, "ram:ChargeIndicator"), "udt:Indicator", "false" if amount > 0 else "true")
        _put(at, "ram:ActualAmount", self._amount(abs(amount)))
        _put(at, "ram:Reason", "Discount" if amount > 0 else "Rounding")

    def _totals(self, at: Element) -> None:
        reductions = [group.lines - group.base for group in self._groups]
        tax = sum(group.tax for group in self._groups)
        lines, base = (sum(part) for part in zip(*((each.lines, each.base) for each in self._groups), strict=True))
        _put(at, "ram:LineTotalAmount", self._amount(lines))
        _put(at, "ram:ChargeTotalAmount", self._amount(-sum(each for each in reductions if each < 0)))
        _put(at, "ram:AllowanceTotalAmount", self._amount(sum(each for each in reductions if each > 0)))
        _put(at, "ram:TaxBasisTotalAmount", self._amount(base))
        _put(at, "ram:TaxTotalAmount", self._amount(tax), currencyID=self._of.currency)
        _put(at, "ram:GrandTotalAmount", self._amount(self._of.total))
        _put(at, "ram:TotalPrepaidAmount", self._amount(self._of.paid + self._of.credited))
        _put(at, "ram:DuePayableAmount", self._amount(self._of.due))

    def _amount(self, minor: int) -> str:
        return f"{in_units(minor, self._of.currency):f}"


def _code(rate: Rate) -> str:
    """S for what is taxed, Z for what is taxed at nothing, E for what bears no tax."""
    return "E" if rate is UNTAXED else "S" if Decimal(rate) else "Z"


def _category(at: Element, rate: Rate) -> None:
    _put(at, "ram:TypeCode", "VAT")
    _put(at, "ram:CategoryCode", _code(rate))
    _put(at, "ram:RateApplicablePercent", rate or "0")


def _party(at: Element, party: Party, country: str | None) -> None:
    _put(at, "ram:Name", _told(party.name) or "-")
    address = _put(at, "ram:PostalTradeAddress")
    for tag, name in (("PostcodeCode", "zipCode"), ("LineOne", "street"), ("CityName", "city")):
        if text := _told(party.address.get(name)):
            _put(address, f"ram:{tag}", text)
    _put(address, "ram:CountryID", country)
    if text := _told(party.address.get("state")):
        _put(address, "ram:CountrySubDivisionName", text)


def _day(at: Element, day: date) -> None:
    _put(at, "udt:DateTimeString", day.strftime("%Y%m%d"), format="102")


def _put(at: Element, name: str, text: str | None = None, **attributes: str) -> Element:
    made = SubElement(at, _named(name), attributes)
    made.text = text
    return made


def _told(text: str | None) -> str:
    """The text on one line, less what XML does not bear."""
    return " ".join(_NO_XML.sub("", text or "").split())


def _named(name: str) -> str:
    prefix, _, tag = name.partition(":")
    return f"{{{_SPACES[prefix]}}}{tag}"
