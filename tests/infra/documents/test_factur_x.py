"""Electronic invoices: read by others' tools, by the rules of EN 16931, and with the same amounts as on the paper."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import facturx  # type: ignore[import-untyped]  # the library has no types
import pytest
from msgspec.structs import replace
from pypdf import PdfReader
from saxonche import PySaxonProcessor  # type: ignore[import-not-found]  # an extension without types

from domains.billing import Discount, DocumentKind, ItemTax, Party, PrintedDocument
from infra.documents.compiling import Compiler
from infra.documents.cross_industry import cross_industry_invoice, is_electronic
from infra.documents.shown import document_shown
from tests.support.decimal_sums import Draft, any_draft, chance_of
from tests.support.papers import FONTANERIA, HARBOR, compiled, in_minor, invoice, item, of, paper_of, wording

RAM = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"
SVRL = "{http://purl.oclc.org/dsdl/svrl}"
BREACHES = {f"{SVRL}failed-assert", f"{SVRL}successful-report"}
DELIVERY = "[PEPPOL-EN16931-R008]-Document MUST not contain empty elements."
SCHEMAS = Path(facturx.__file__).parent / "xsd_and_schematron" / "facturx-en16931"
DOUBLES = 10**13
"""From here on the rules, which reckon in doubles, find sums wrong that are right."""
COMPILER = Compiler()


def electronic(paper: PrintedDocument) -> bytes:
    shown = document_shown(paper, wording(paper)) | {"xml": cross_industry_invoice(paper)}
    return compiled(COMPILER, shown, archival=True)[0]


def parsed(xml: str) -> Element:
    return fromstring(xml)  # noqa: S314 - of our own making


class Rules:
    """The rules of EN 16931, as Factur-X publishes them."""

    def __init__(self) -> None:
        self._saxon = PySaxonProcessor(license=False)
        compiler = self._saxon.new_xslt30_processor()
        self._rules = compiler.compile_stylesheet(stylesheet_file=str(SCHEMAS / "FACTUR-X_EN16931.xslt"))

    def broken(self, xml: str) -> list[str]:
        """What the document breaks, less the one warning that it does not tell when it was delivered."""
        said = self._rules.transform_to_string(xdm_node=self._saxon.parse_xml(xml_text=xml))
        told = [each for each in parsed(said).iter() if each.tag in BREACHES]
        texts = [" ".join("".join(each.itertext()).split()) for each in told]
        return texts[1:] if texts and texts[0].startswith(DELIVERY) else texts


RULES = Rules()


def sound(paper: PrintedDocument) -> Element:
    """Its XML, which others' schema and rules have nothing against."""
    xml = cross_industry_invoice(paper)
    facturx.xml_check_xsd(xml.encode(), flavor="factur-x", level="en16931")
    assert RULES.broken(xml) == []
    return parsed(xml)


def texts(at: Element, tag: str) -> list[str]:
    return [found.text or "" for found in at.iter(f"{RAM}{tag}")]


def amounts(at: Element, tag: str) -> list[int]:
    return [in_minor(text, 2) for text in texts(at, tag)]


VAT_10 = (ItemTax(name="IVA", rate="10"),)
PAPERS = {
    "plain": invoice(item("Grifo")),
    "discounts": invoice(item("Grifo", discount=Discount(percent="10")), item("Tubo", 333, "3", taxes=VAT_10),
                         discount=Discount(amount=1_000)),
    "inclusive": invoice(item("Grifo", 9_999, "3"), item("Tubo", 333, "3", taxes=VAT_10), prices_include_tax=True,
                         discount=Discount(percent="12.5")),
    "untaxed": invoice(item("Grifo"), item("Visado", 5_000, taxes=())),
    "at nothing": invoice(item("Grifo", taxes=(ItemTax(name="IVA", rate="0"),))),
    "optional": invoice(item("Grifo"), item("Radiador", optional=True), item("Tubo", optional=True, selected=True)),
    "paid in part": invoice(item("Grifo"), paid=5_000, credited=1_000),
    "credit note": invoice(item("Grifo"), kind=DocumentKind.CREDIT_NOTE, number="A-1", corrects="F-1", due_on=None),
    "without terms": invoice(item("Grifo"), due_on=None, terms=None),
    "awkward words": invoice(item("<Grifo> & \x0b\x1f 山田 \U0001f6c1\nsegunda"), notes="]]>\x00", terms="\ufffe"),
}  # fmt: skip


UNITS = {"Hours.": "HUR", " m² ": "MTK", "pieza": "H87", "KGM": "KGM", "año": "ANN", "bucket": "C62"}


def test_what_a_quantity_counts_is_told_by_its_code() -> None:
    told = sound(invoice(item("Grifo"), *(item("Trabajo", unit=unit) for unit in UNITS)))
    assert [each.get("unitCode") for each in told.iter(f"{RAM}BilledQuantity")] == ["C62", *UNITS.values()]


@pytest.mark.parametrize("name", PAPERS)
def test_others_find_nothing_wrong_with_it(name: str) -> None:
    paper = PAPERS[name]
    told = sound(paper)
    assert amounts(told, "GrandTotalAmount") == [paper.total]
    assert amounts(told, "DuePayableAmount") == [paper.due]
    assert amounts(told, "TaxTotalAmount") == [sum(tax.amount for tax in paper.taxes)]
    assert amounts(told, "TaxBasisTotalAmount") == [paper.subtotal - paper.discount_total]


def test_what_is_wrong_is_found() -> None:
    xml = cross_industry_invoice(invoice(item("Grifo")))
    wrong = xml.replace("<ram:GrandTotalAmount>151.25<", "<ram:GrandTotalAmount>151.26<")
    assert wrong != xml
    assert [text[:10] for text in RULES.broken(wrong)] == ["[BR-CO-15]", "[BR-CO-16]"]


def test_a_tax_number_is_told_as_what_it_is() -> None:
    for number, kind in (("ESB12345674", "VA"), ("es b1234 5674", "VA"), ("B12345674", "FC")):
        told = sound(invoice(item("Grifo"), head=replace(FONTANERIA, tax_number=number)))
        registration = told.find(f".//{RAM}SpecifiedTaxRegistration/{RAM}ID")
        assert registration is not None
        assert registration.get("schemeID") == kind


def test_any_document_of_one_tax_a_line_is_told_to_the_cent() -> None:
    chance, looked_at = chance_of(5), 0
    for _ in range(120):
        draft = any_draft(chance)
        single = tuple(replace(each, taxes=(each.taxes or ())[:1]) for each in draft.items)
        paper = paper_of(Draft(single, draft.discount, draft.inclusive), kind=DocumentKind.INVOICE, head=FONTANERIA,
                         currency="EUR", due_on=date(2026, 12, 1))  # fmt: skip
        if paper is None or not is_electronic(paper):
            continue
        told = sound(paper) if paper.total < DOUBLES else parsed(cross_industry_invoice(paper))
        looked_at += 1
        *each, lines = amounts(told, "LineTotalAmount")
        (taken,), (added,) = amounts(told, "AllowanceTotalAmount"), amounts(told, "ChargeTotalAmount")
        assert sum(each) == lines
        assert [lines - taken + added] == amounts(told, "TaxBasisTotalAmount")
        assert amounts(told, "TaxBasisTotalAmount") == [paper.subtotal - paper.discount_total]
        assert sum(amounts(told, "CalculatedAmount")) == sum(amounts(told, "TaxTotalAmount"))
        assert amounts(told, "GrandTotalAmount") == [paper.total]
    assert looked_at > 60


NOT_TOLD: dict[str, dict[str, Any]] = {
    "a quote": {"kind": DocumentKind.QUOTE},
    "a draft": {"number": None},
    "no tax number": {"head": replace(FONTANERIA, tax_number=None)},
    "outside of the EU": {"head": replace(HARBOR, tax_number="12-3456789")},
    "three decimals": {"currency": "KWD"},
    "cancelled": {"cancelled_on": date(2026, 11, 21)},
    "nobody to pay": {"customer": Party("")},
}


@pytest.mark.parametrize("why", NOT_TOLD)
def test_what_is_no_electronic_invoice(why: str) -> None:
    assert is_electronic(invoice(item("Grifo")))
    assert not is_electronic(invoice(item("Grifo"), **NOT_TOLD[why]))


def test_two_taxes_on_a_line_are_more_than_the_standard_knows() -> None:
    both = (ItemTax(name="IVA", rate="21"), ItemTax(name="Recargo", rate="5.2"))
    assert not is_electronic(invoice(item("Grifo", taxes=both)))


def test_the_pdf_bears_the_xml_and_says_so() -> None:
    paper = invoice(item("Grifo", 10_000))
    made = electronic(paper)
    name, xml = facturx.get_xml_from_pdf(made)
    assert (name, xml) == ("factur-x.xml", cross_industry_invoice(paper).encode())
    reader = PdfReader(BytesIO(made))
    root: Any = reader.trailer["/Root"]
    (attached,) = (each.get_object() for each in root["/AF"])
    assert (attached["/AFRelationship"], attached["/F"]) == ("/Alternative", "factur-x.xml")
    metadata = root["/Metadata"].get_object()
    assert "/Filter" not in metadata
    packet = metadata.get_data().decode()
    for said in ("<fx:ConformanceLevel>EN 16931<", "<pdfaid:part>3<", "<pdfaid:conformance>B<"):
        assert said in packet
    parsed(packet[packet.index("<x:xmpmeta") : packet.index("</x:xmpmeta>") + len("</x:xmpmeta>")])


def test_others_are_plain_pdfs() -> None:
    paper = of(item("Tap"))
    made = compiled(COMPILER, document_shown(paper, wording(paper)))[0]
    assert b"pdfaid" not in made
    root: Any = PdfReader(BytesIO(made)).trailer["/Root"]
    assert "/AF" not in root
