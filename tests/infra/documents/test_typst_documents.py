"""Quotes on paper: the same amounts as anywhere else, whatever the language, and nothing read as a program."""

import re
from datetime import date

import msgspec
import pytest

from domains.billing import (
    Item,
    ItemTax,
    Party,
    PrintedQuote,
    WantedItem,
    billed,
    document_taxes,
    items_of,
)
from domains.shared.errors import ValidationFailed
from infra.documents.labels import labels_by
from infra.documents.typst_documents import Shown, TypstDocuments
from infra.mail.catalogues import Catalogues
from tests.support.decimal_sums import Draft, any_draft, chance_of

TYPST = TypstDocuments(Catalogues())
VAT = (ItemTax(name="VAT", rate="21"),)
LETTER, A4 = (1224, 1584), (1191, 1684)


def item(description: str, price: int = 12_500, quantity: str = "1") -> WantedItem:
    return WantedItem(description=description, unit_price=price, quantity=quantity, taxes=VAT)


def printed(draft: Draft, items: tuple[Item, ...], **fields: object) -> PrintedQuote:
    sums = billed(items, discount=draft.discount, inclusive=draft.inclusive)
    found = PrintedQuote(
        number="Q-2026-00017", language="en", country="US", business=Party("Harbor Plumbing", ("1 Pier Road",)),
        customer=Party("Ada Lovelace"), issued_on=date(2026, 11, 21), valid_until=date(2026, 12, 21), currency="USD",
        prices_include_tax=draft.inclusive, items=items, discount=draft.discount, subtotal=sums.subtotal,
        discount_total=sums.discount_total, taxes=document_taxes(sums), total=sums.total, notes=None, terms="30 days.",
    )  # fmt: skip
    return msgspec.structs.replace(found, **fields)


def of(*wanted: WantedItem, **fields: object) -> PrintedQuote:
    draft = Draft(wanted, None, inclusive=False)
    return printed(draft, items_of(wanted, rates=()), **fields)


def shown(paper: PrintedQuote, language: str = "en") -> Shown:
    return Shown(paper, language, labels_by(Catalogues().of(language).gettext))


def size(png: bytes) -> tuple[int, int]:
    return int.from_bytes(png[16:20]), int.from_bytes(png[20:24])


@pytest.mark.parametrize(("country", "expected"), [("US", LETTER), ("CA", LETTER), ("ES", A4), (None, A4)])
async def test_paper_has_the_size_that_is_usual_there(country: str | None, expected: tuple[int, int]) -> None:
    paper = of(item("Replace the tap"), country=country)
    assert [size(page) for page in TYPST.pages(paper)] == [expected]
    assert (await TYPST.quote(paper)).startswith(b"%PDF-")


async def test_two_hundred_items_take_several_pages_and_the_same_is_the_same() -> None:
    paper = of(*(item(f"Item {at}") for at in range(200)))
    assert 4 <= len(TYPST.pages(paper)) <= 8
    assert await TYPST.quote(paper) == await TYPST.quote(paper)


AWKWARD = [
    '#import "x"; $a^2$ *b* #{ panic("x") } @ref <label> \\ // gone',
    "W" * 2_000,
    "נועה כהן 24",
    "شقة صغيرة",
    "\\u{202e} ]]} ``` = - + /",
    "one\ntwo\n\nthree",
    "🛁",
]


@pytest.mark.parametrize("text", AWKWARD)
async def test_whatever_people_write_is_shown_and_not_carried_out(text: str) -> None:
    paper = of(item(text), business=Party(text, (text,)), customer=Party(text), notes=text, terms=text)
    assert (await TYPST.quote(paper)).startswith(b"%PDF-")


CURRENCIES = [
    ("USD", "en", 1_234_567, "$12,345.67"),
    ("EUR", "es", 1_234_567, "12.345,67\u00a0€"),
    ("JPY", "en", 1_234_567, "¥1,234,567"),
    ("KWD", "en", 1_234_567, "KWD1,234.567"),
]


@pytest.mark.parametrize(("currency", "language", "amount", "expected"), CURRENCIES)
def test_amounts_have_the_decimals_of_their_currency(currency: str, language: str, amount: int, expected: str) -> None:
    paper = of(item("Work", amount), currency=currency)
    assert shown(paper, language).all()["items"][0]["price"] == expected


def test_the_words_are_those_of_the_language() -> None:
    content = shown(of(item("Grifo"), number=None), "es").all()
    assert (content["title"], content["facts"][1]) == ("Presupuesto Borrador", ("Fecha", "21 de noviembre de 2026"))
    assert content["items"][0]["tax"] == "21\u00a0%"


def cents(text: str) -> int:
    return int(re.sub(r"[^0-9-]", "", text))


def test_what_stands_on_paper_is_what_the_engine_says() -> None:
    chance, looked_at = chance_of(11), 0
    for _ in range(300):
        draft = any_draft(chance)
        try:
            items = items_of(draft.items, rates=())
            paper = printed(draft, items)
        except ValidationFailed:
            continue
        content, looked_at = shown(paper).all(), looked_at + 1
        told = [cents(amount) for _, amount in content["sums"]]
        assert sum(told) == cents(content["total"]) == paper.total
        assert [cents(each["total"]) for each in content["items"]] == [item.total for item in items]
    assert looked_at > 200
