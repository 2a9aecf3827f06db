"""What the API says of a quote, its PDF and the CSV file say too."""

import csv
import io
from typing import Any

from infra.documents.labels import labels_by
from infra.documents.wording import Wording
from tests.support.decimal_sums import any_draft, chance_of
from tests.support.house import House
from tests.support.papers import drafted, found_all, in_minor, said_in
from tests.support.people import Tenant
from tests.support.quotes import a_customer, a_quote

DECIMALS = {"USD": 2, "JPY": 0, "KWD": 3}


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


async def some_quotes(house: House, tenant: Tenant, many: int) -> list[dict[str, Any]]:
    """Quotes of all sorts, less those that are refused."""
    chance, customer = chance_of(3), await a_customer(house, tenant)
    made: list[dict[str, Any]] = []
    async with house.client(tenant.owner.token) as client:
        for at in range(many):
            body = {
                **drafted(any_draft(chance)),
                "customerId": customer,
                "currency": list(DECIMALS)[at % len(DECIMALS)],
            }
            answer = await client.post("/quotes", json=body)
            made += [answer.json()] if answer.is_success else []
    return made


async def test_the_file_has_every_quote_with_the_amounts_of_the_api(house: House, tenant: Tenant) -> None:
    quotes = await some_quotes(house, tenant, 30)
    async with house.client(tenant.owner.token) as client:
        answer = await client.get("/quotes", params={"limit": 7}, headers={"Accept": "text/csv"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="quotes.csv"'
    rows = {row["id"]: row for row in rows_of(answer.text)}
    assert rows.keys() == {quote["id"] for quote in quotes}
    assert len(quotes) > 20
    for quote in quotes:
        row, decimals = rows[quote["id"]], DECIMALS[quote["currency"]]
        for name in ("subtotal", "discountTotal", "taxTotal", "total", "depositAmount"):
            assert in_minor(row[name], decimals) == quote[name], (name, row, quote)
        assert (row["status"], row["customerId"]) == (quote["status"], quote["customerId"])


async def test_the_file_has_what_was_asked_for(house: House, tenant: Tenant) -> None:
    one = await a_quote(house, tenant, notes="behind the harbor")
    await a_quote(house, tenant)
    async with house.client(tenant.owner.token) as client:
        answer = await client.get("/quotes", params={"search": "harbor"}, headers={"Accept": "text/csv"})
    assert [row["id"] for row in rows_of(answer.text)] == [one["id"]]


async def test_the_paper_has_the_amounts_of_the_api(house: House, tenant: Tenant) -> None:
    quotes = await some_quotes(house, tenant, 12)
    async with house.client(tenant.owner.token) as client:
        for quote in quotes:
            said = said_in((await client.get(f"/quotes/{quote['id']}/pdf")).content)
            words = Wording("en", quote["currency"], labels_by(str))
            wanted = [f"Subtotal {words.money(quote['subtotal'])}", f"Total {words.money(quote['total'])}"]
            wanted += [f"({words.money(tax['base'])}) {words.money(tax['amount'])}" for tax in quote["taxes"]]
            wanted += [words.money(item["total"]) for item in quote["items"]]
            wanted += [f"Deposit {words.money(quote['depositAmount'])}"] if quote["depositAmount"] else []
            assert found_all(wanted, said) == [], quote


async def test_what_the_business_says_of_its_papers_is_on_them(house: House, tenant: Tenant) -> None:
    quote = await a_quote(house, tenant)
    documents = {"paper": "a4", "taxNumber": " 12-3456789 ", "footer": "Harbor Bank, account 4711"}
    async with house.client(tenant.owner.token) as client:
        changed = await client.patch("/tenants/me", json={"documents": documents})
        said = said_in((await client.get(f"/quotes/{quote['id']}/pdf")).content)
        usual = await client.patch("/tenants/me", json={"documents": None})
    assert changed.json()["documents"] == {**documents, "taxNumber": "12-3456789"}
    assert found_all(("Tax number 12-3456789", "Harbor Bank, account 4711"), said) == []
    assert usual.json()["documents"] == {"paper": None, "taxNumber": None, "footer": None}
