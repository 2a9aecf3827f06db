"""Invoices and credit notes on paper and as a file, over HTTP: the same amounts as the API's."""

import csv
import io
from typing import Any

import facturx  # type: ignore[import-untyped]  # the library has no types
import pytest
from pypdf import PdfReader

from infra.documents.labels import labels_by
from infra.documents.wording import Wording
from tests.support.decimal_sums import any_draft, chance_of
from tests.support.house import House
from tests.support.invoices import an_invoice, asked, credited, issued, shown
from tests.support.papers import drafted, found_all, in_minor, said_in
from tests.support.people import Tenant
from tests.support.quotes import ITEM, a_customer

IN_SPAIN = {
    "address": {"street": "Muelle 1", "city": "Madrid", "zipCode": "28001", "country": "ES"},
    "currency": "EUR",
    "documents": {"taxNumber": "ESB12345674"},
}
WORDS = Wording("en", "EUR", labels_by(str))
AMOUNTS = (
    "subtotal",
    "discountTotal",
    "taxTotal",
    "total",
    "depositAmount",
    "depositDue",
    "amountPaid",
    "amountCredited",
    "amountDue",
)


@pytest.fixture
async def in_spain(house: House, tenant: Tenant) -> Tenant:
    answer = await asked(house, tenant, "PATCH", "/tenants/me", json=IN_SPAIN)
    assert answer.status_code == 200, answer.text
    return tenant


async def paper_of(house: House, tenant: Tenant, path: str) -> bytes:
    answer = await asked(house, tenant, "GET", f"{path}/pdf")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf"), answer.text
    return answer.content


def xml_of(pdf: bytes) -> str:
    """What is embedded; empty where nothing is."""
    attached = PdfReader(io.BytesIO(pdf)).attachments
    return "".join(content.decode() for content in attached.get("factur-x.xml", []))


async def test_an_invoice_is_electronic_where_the_business_is_in_the_eu(house: House, in_spain: Tenant) -> None:
    draft = await an_invoice(house, in_spain)
    invoice = await issued(house, in_spain, dueDate="2999-12-31", terms="Thank you.")
    assert xml_of(await paper_of(house, in_spain, f"/invoices/{draft['id']}")) == ""
    pdf = await paper_of(house, in_spain, f"/invoices/{invoice['id']}")
    xml = xml_of(pdf)
    assert facturx.xml_check_xsd(xml.encode(), flavor="factur-x", level="en16931")
    amounts = ("<ram:GrandTotalAmount>120.00<", "<ram:DuePayableAmount>120.00<")
    wanted = (f"<ram:ID>{invoice['number']}<", *amounts, ">ESB12345674<")
    assert found_all(wanted, xml) == []
    said = ("Invoice", invoice["number"], "Due on December 31, 2999", "Amount due €120.00", "Tax number ESB12345674")
    assert found_all(said, said_in(pdf)) == []


async def test_elsewhere_it_is_a_plain_pdf(house: House, tenant: Tenant) -> None:
    await asked(house, tenant, "PATCH", "/tenants/me", json={"documents": {"taxNumber": "12-3456789"}})
    invoice = await issued(house, tenant)
    assert xml_of(await paper_of(house, tenant, f"/invoices/{invoice['id']}")) == ""


async def test_a_credit_note_names_its_invoice_and_has_its_parts(house: House, in_spain: Tenant) -> None:
    items = [ITEM, {"description": "Stamp", "unitPrice": 333, "taxes": []}]
    invoice = await issued(house, in_spain, items=items)
    by_item = await credited(house, in_spain, invoice["id"], items=[{"itemId": invoice["items"][1]["id"]}])
    by_amount = await credited(house, in_spain, invoice["id"], amount=1_000, reason="Late")
    for note in (by_item, by_amount):
        pdf = await paper_of(house, in_spain, f"/credit-notes/{note['id']}")
        wanted = ("Credit note", note["number"], invoice["number"], f"Total {WORDS.money(note['total'])}")
        assert found_all(wanted, said_in(pdf)) == []
        xml = xml_of(pdf)
        assert facturx.xml_check_xsd(xml.encode(), flavor="factur-x", level="en16931")
        assert "<ram:TypeCode>381<" in xml
        assert f"<ram:IssuerAssignedID>{invoice['number']}<" in xml
    later = said_in(await paper_of(house, in_spain, f"/invoices/{invoice['id']}"))
    due = (await shown(house, in_spain, invoice["id"]))["amountDue"]
    assert found_all(("Credited -€13.33", f"Amount due {WORDS.money(due)}"), later) == []


async def test_the_paper_the_file_and_the_api_agree(house: House, in_spain: Tenant) -> None:
    chance, customer = chance_of(9), await a_customer(house, in_spain)
    made: list[dict[str, Any]] = []
    for _ in range(15):
        body = {**drafted(any_draft(chance)), "customerId": customer}
        answer = await asked(house, in_spain, "POST", "/invoices", json=body)
        if answer.is_success:
            sent = await asked(
                house, in_spain, "PATCH", f"/invoices/{answer.json()['id']}/status", json={"status": "sent"}
            )
            made.append(sent.json() if sent.is_success else answer.json())
    listed = await asked(house, in_spain, "GET", "/invoices", params={"limit": 4}, headers={"Accept": "text/csv"})
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(listed.text))}
    assert rows.keys() == {each["id"] for each in made}
    assert len(made) > 8
    for invoice in made:
        for name in AMOUNTS:
            assert in_minor(rows[invoice["id"]][name], 2) == invoice[name], name
        pdf = await paper_of(house, in_spain, f"/invoices/{invoice['id']}")
        wanted = [WORDS.money(item["total"]) for item in invoice["items"]]
        wanted += [f"Total {WORDS.money(invoice['total'])}", f"Amount due {WORDS.money(invoice['amountDue'])}"]
        if invoice["depositAmount"]:
            wanted += [f"Deposit {WORDS.money(invoice['depositAmount'])}"]
        assert found_all(wanted, said_in(pdf)) == [], invoice
        if xml := xml_of(pdf):
            assert f"<ram:GrandTotalAmount>{rows[invoice['id']]['total']}<" in xml


async def test_another_tenants_is_as_absent_as_none(house: House, tenant: Tenant, other_tenant: Tenant) -> None:
    invoice = await issued(house, tenant)
    note = await credited(house, tenant, invoice["id"], amount=1)
    for path in (f"/invoices/{invoice['id']}", f"/credit-notes/{note['id']}"):
        assert (await asked(house, other_tenant, "GET", f"{path}/pdf")).status_code == 404


async def test_one_of_a_customer_who_was_erased_stays_without_a_name(house: House, tenant: Tenant) -> None:
    customer = await a_customer(house, tenant, name="Grace Hopper")
    invoice = await issued(house, tenant, customerId=customer)
    assert "Grace Hopper" in said_in(await paper_of(house, tenant, f"/invoices/{invoice['id']}"))
    erased = await asked(house, tenant, "POST", f"/customers/{customer}/erase")
    assert erased.is_success, erased.text
    said = said_in(await paper_of(house, tenant, f"/invoices/{invoice['id']}"))
    assert (invoice["number"] in said, "Grace" in said) == (True, False)
