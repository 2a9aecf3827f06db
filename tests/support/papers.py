"""Papers, for tests: made of drafts, set, and read back."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import msgspec
from pypdf import PdfReader

from domains.billing import (
    DocumentKind,
    Item,
    ItemTax,
    Letterhead,
    Party,
    PrintedDocument,
    WantedItem,
    billed,
    decimals_of,
    document_taxes,
    in_units,
    items_of,
)
from domains.shared.errors import ValidationFailed
from infra.documents.compiling import Compiler
from infra.documents.cross_industry import cross_industry_invoice, is_electronic
from infra.documents.labels import labels_by
from infra.documents.orders import Order
from infra.documents.shown import Shown, document_shown
from infra.documents.wording import Wording
from infra.mail.catalogues import Catalogues
from tests.support.decimal_sums import Draft

VAT = (ItemTax(name="VAT", rate="21"),)
HARBOR = Letterhead(
    business=Party("Harbor Plumbing", ("1 Pier Road", "New York NY 10001"), {"country": "US"}), language="en"
)
FONTANERIA = Letterhead(
    business=Party(
        "Fontanería Puerto",
        ("Muelle 1", "28001 Madrid"),
        {"street": "Muelle 1", "city": "Madrid", "zipCode": "28001", "country": "ES"},
    ),
    language="es",
    tax_number="ESB12345674",
    footer="IBAN ES91 2100 0418 4502 0005 1332\nRegistro Mercantil de Madrid, tomo 1, folio 2",
)
_UNSEEN = re.compile(r"[\u200b\u00ad]")
_NOT_A_DIGIT = re.compile(r"[^0-9-]")


def item(description: str, price: int = 12_500, quantity: str = "1", **fields: Any) -> WantedItem:
    return WantedItem(**{"description": description, "unit_price": price, "quantity": quantity, "taxes": VAT, **fields})


def printed(draft: Draft, items: tuple[Item, ...], **fields: Any) -> PrintedDocument:
    """A paper with the sums that the engine makes of it."""
    sums = billed(items, discount=draft.discount, inclusive=draft.inclusive)
    found = PrintedDocument(
        kind=DocumentKind.QUOTE, number="Q-2026-00017", language="en", head=HARBOR, customer=Party("Ada Lovelace"),
        issued_on=date(2026, 11, 21), currency="USD", prices_include_tax=draft.inclusive, items=items,
        subtotal=sums.subtotal, discount_total=sums.discount_total, taxes=document_taxes(sums), total=sums.total,
        deposit_amount=_deposit(draft, sums.total), terms="30 days.",
    )  # fmt: skip
    return msgspec.structs.replace(found, **fields)


def _deposit(draft: Draft, total: int) -> int:
    return draft.deposit.taken_from(total, "deposit") if draft.deposit else 0


def of(*wanted: WantedItem, **fields: Any) -> PrintedDocument:
    inclusive = bool(fields.get("prices_include_tax"))
    draft = Draft(wanted, fields.pop("discount", None), inclusive=inclusive)
    return printed(draft, items_of(wanted, rates=()), **fields)


def invoice(*wanted: WantedItem, **fields: Any) -> PrintedDocument:
    """One that is electronic: of a business in Spain."""
    usual = {"kind": DocumentKind.INVOICE, "number": "F-2026-00007", "language": "es", "head": FONTANERIA,
             "customer": Party("Ada Lovelace", ("Calle 12",), {"street": "Calle 12", "country": "ES"}),
             "currency": "EUR", "due_on": date(2026, 12, 21)}  # fmt: skip
    return of(*wanted, **{**usual, **fields})


def wording(paper: Any) -> Wording:
    return Wording(paper.language, paper.currency, labels_by(Catalogues().of(paper.language).gettext))


def compiled(compiler: Compiler, shown: Shown, *, form: Any = "pdf", archival: bool = False) -> list[bytes]:
    order = Order(msgspec.json.encode(shown).decode(), date(2026, 11, 21), form=form, archival=archival)
    found = compiler.compiled(order)
    assert found.fault is None, found.fault
    return found.pages


def drafted(draft: Draft) -> dict[str, Any]:
    """The draft as the body of a call."""
    shares = {"discount": draft.discount, "deposit": draft.deposit}
    given = {name: msgspec.to_builtins(share) for name, share in shares.items() if share}
    return {"items": msgspec.to_builtins(draft.items), "pricesIncludeTax": draft.inclusive, **given}


def pages_of(pdf: bytes) -> list[str]:
    """What stands on each page, as who copies it gets it, less what cannot be seen."""
    return [_UNSEEN.sub("", page.extract_text()) for page in PdfReader(BytesIO(pdf)).pages]


def said_in(pdf: bytes) -> str:
    """All of it, on one line, with plain blanks."""
    return " ".join(" ".join(pages_of(pdf)).split())


def minor(text: str) -> int:
    """An amount as it is written in the minor unit: the decimals are there, whatever separates them."""
    return int(_NOT_A_DIGIT.sub("", text))


def in_minor(text: str, decimals: int) -> int:
    """An amount of a CSV file or an XML in the minor unit. It has no decimals beyond those of its currency."""
    exact = Decimal(text).scaleb(decimals)
    assert exact == exact.to_integral_value(), text
    return int(exact)


def found_all(wanted: Iterable[str], text: str) -> list[str]:
    """Those of `wanted` that are missing in `text`."""
    return [each for each in wanted if " ".join(each.split()) not in text]


def paper_of(draft: Draft, **fields: Any) -> PrintedDocument | None:
    """The draft on paper; None where the engine refuses it."""
    try:
        return printed(draft, items_of(draft.items, rates=()), **fields)
    except ValidationFailed:
        return None


def must_say_the_same(compiler: Compiler, paper: PrintedDocument) -> None:
    """Raise where its PDF, its XML or a file for spreadsheets has other amounts than the document."""
    content = document_shown(paper, wording(paper))
    electronic = is_electronic(paper)
    if electronic:
        content["xml"] = cross_industry_invoice(paper)
    said = said_in(compiled(compiler, content, archival=electronic)[0])
    labelled = [f"{label} {amount}" for label, amount, _ in content["sums"]]
    assert found_all([*labelled, *(row["cells"][-1] for row in content["rows"])], said) == [], paper
    for amount in (paper.subtotal, paper.discount_total, paper.total, paper.deposit_amount, paper.due):
        assert in_minor(f"{in_units(amount, paper.currency):f}", decimals_of(paper.currency)) == amount
