"""Quotes as PDF over HTTP."""

from tests.support.house import House
from tests.support.people import Tenant
from tests.support.quotes import a_customer, a_quote, moved


async def test_a_quote_is_shown_as_pdf_under_its_number(house: House, tenant: Tenant) -> None:
    address = {"street": "12 Analytical Way", "city": "New York", "zipCode": "10001"}
    customer = await a_customer(house, tenant, company="Harbor", preferredLanguage="es", addresses=[address])
    draft = await a_quote(house, tenant, customerId=customer, notes="Ring twice.\nThen wait.", validUntil="2999-12-31")
    async with house.client(tenant.owner.token) as client:
        await client.patch("/tenants/me", json={"numbering": {"quote": "Q/{year} {seq:3}"}})
        sent = await moved(house, tenant, (await a_quote(house, tenant, customerId=customer))["id"], "sent")
        answers = [await client.get(f"/quotes/{quote['id']}/pdf") for quote in (draft, sent)]
    assert [answer.status_code for answer in answers] == [200, 200]
    for answer in answers:
        assert (answer.headers["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    names = [answer.headers["Content-Disposition"] for answer in answers]
    number = sent["number"].replace("/", "-").replace(" ", "-")
    assert names == [f'attachment; filename="quote-{name}.pdf"' for name in (draft["id"], number)]


async def test_whoever_has_the_link_has_the_paper_while_the_offer_stands(house: House, tenant: Tenant) -> None:
    quote = await moved(house, tenant, (await a_quote(house, tenant))["id"], "sent")
    token = quote["publicUrl"].partition("#token=")[2]
    path = f"/public/quotes/{token}/pdf"
    async with house.client(tenant.owner.token) as client, house.client() as stranger:
        (of_staff, theirs) = (await client.get(f"/quotes/{quote['id']}/pdf"), await stranger.get(path))
        elsewhere = await stranger.get(f"/public/invoices/{token}/pdf")
        await moved(house, tenant, quote["id"], "expired")
        gone = await stranger.get(path)
    assert (theirs.status_code, theirs.content) == (200, of_staff.content)
    assert theirs.headers["Content-Disposition"] == of_staff.headers["Content-Disposition"]
    assert [(each.status_code, each.json()["code"]) for each in (elsewhere, gone)] == [
        (404, "not_found"), (410, "expired"),
    ]  # fmt: skip


async def test_another_tenants_is_as_absent_as_none(house: House, tenant: Tenant, other_tenant: Tenant) -> None:
    quote = await a_quote(house, tenant)
    async with house.client(other_tenant.owner.token) as client:
        answer = await client.get(f"/quotes/{quote['id']}/pdf")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
