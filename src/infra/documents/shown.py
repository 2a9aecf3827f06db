"""What each paper shows, each word and number as its reader's language writes it."""

import base64
from collections.abc import Iterable, Iterator
from typing import Any

from domains.billing import (
    UNNAMED_TAX,
    AccountEntry,
    DocumentKind,
    Item,
    Party,
    PrintedDocument,
    PrintedReceipt,
    PrintedStatement,
    Sheet,
)
from domains.tenants import PaperSize
from infra.documents.fonts import FAMILIES
from infra.documents.wording import Wording, soft

_LETTER_SIZED = frozenset({"US", "CA", "MX", "CL", "CO", "CR", "GT", "PA", "PH", "PR", "SV", "VE"})
_METHODS = frozenset({"card", "cash", "cheque", "transfer"})
_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
    '<image width="{width}" height="{height}" href="data:image/png;base64,{content}"/></svg>'
)
_WIDE = 3.75
_MOST_LINES = 200
_WIDTH, _HEIGHT = slice(16, 20), slice(20, 24)

Shown = dict[str, Any]
Labelled = tuple[str, str]
Sum = tuple[str, str, str]


def document_shown(of: PrintedDocument, wording: Wording) -> Shown:
    """A quote, an invoice or a credit note."""
    labels, money = wording.labels, wording.money
    columns = [labels[name] for name in ("description", "quantity", "price", "tax", "amount")]
    texts = ((labels["notes"], of.notes), (labels["terms"], of.terms))
    return {
        **_sheet(of, wording),
        "title": _title(of, wording),
        "heading": labels[of.kind.value],
        "facts": list(_facts(of, wording)),
        "columns": columns,
        "rows": [_item(item, wording) for item in of.items],
        "sums": [*_sums(of, wording), (labels["total"], money(of.total), "line"), *_settled(of, wording)],
        "remark": labels["inclusive"] if of.prices_include_tax else None,
        "paragraphs": [(label, soft(text, lines=_MOST_LINES)) for label, text in texts if text],
    }


def receipt_shown(of: PrintedReceipt, wording: Wording) -> Shown:
    labels, money = wording.labels, wording.money
    method = labels[f"method_{of.method if of.method in _METHODS else 'other'}"]
    facts = [(labels["date"], wording.day(of.paid_on)), (labels["method"], method)]
    sums = [(labels["paid"], money(of.amount), "line")]
    for label, amount in (("unapplied", of.unapplied), ("refunded", -of.refunded), ("dispute", -of.lost)):
        if amount:
            sums.append((labels[label], money(amount), ""))
    return {
        **_sheet(of, wording),
        "title": f"{labels['receipt']} {of.invoice}",
        "heading": labels["receipt"],
        "facts": _noted(facts, of, wording),
        "columns": [labels["description"], labels["invoice_total"]],
        "rows": [_row([f"{labels['invoice']} {of.invoice}", money(of.total)])],
        "sums": [*sums, (labels["due"], money(of.due), "")],
    }


def statement_shown(of: PrintedStatement, wording: Wording) -> Shown:
    labels, money = wording.labels, wording.money
    period = f"{wording.short_day(of.begin)} – {wording.short_day(of.end)}"  # noqa: RUF001 - a dash between days
    sums = [(labels["closing"], money(of.closing), "line")]
    if of.overdue:
        sums.append((labels["overdue"], money(of.overdue), "bold"))
    return {
        **_sheet(of, wording),
        "title": f"{labels['statement']} {period}",
        "heading": labels["statement"],
        "facts": _noted([(labels["period"], period)], of, wording),
        "columns": [labels[name] for name in ("description", "date", "amount", "balance")],
        "rows": [_row([labels["opening"], "", "", money(of.opening)]), *_movements(of.entries, of.opening, wording)],
        "sums": sums,
    }


def _sheet(of: Sheet, wording: Wording) -> Shown:
    """What is on every paper; what is on few is None or empty."""
    head = of.head
    usual = PaperSize.LETTER if head.business.country in _LETTER_SIZED else PaperSize.A4
    return {
        "language": wording.language,
        "paper": (head.paper or usual).value,
        "fonts": FAMILIES,
        "page": wording.labels["page"],
        "for": wording.labels["customer"],
        "business": _party(head.business, wording),
        "customer": _party(of.customer, wording),
        "footer": soft(head.footer) if head.footer else None,
        **(_picture(head.logo) if head.logo else {"logo": None, "wide": False}),
        "remark": None,
        "paragraphs": [],
        "xml": None,
    }


def _party(party: Party, wording: Wording) -> Shown:
    country = [wording.country(party.country)] if party.country else []
    return {"name": soft(party.name), "lines": [soft(line) for line in (*party.lines, *country, *party.contacts)]}


def _picture(png: bytes) -> Shown:
    """The logo within an SVG, since only text goes in, and whether its width is what bounds it."""
    width, height = (int.from_bytes(png[part]) for part in (_WIDTH, _HEIGHT))
    content = _PICTURE.format(width=width, height=height, content=base64.b64encode(png).decode())
    return {"logo": content, "wide": width > _WIDE * height}


def _title(of: PrintedDocument, wording: Wording) -> str:
    """What it is, and which version of it, where there were others."""
    title = f"{wording.labels[of.kind.value]} {of.number or wording.labels['draft']}"
    return f"{title}, {wording.labels['version'].lower()} {of.revision}" if of.revision > 1 else title


def _facts(of: PrintedDocument, wording: Wording) -> list[Labelled]:
    labels = wording.labels
    facts = [(labels["number"], of.number or labels["draft"]), (labels["date"], wording.day(of.issued_on))]
    if of.revision > 1:
        facts.append((labels["version"], wording.number(str(of.revision))))
    if of.corrects:
        facts.append((labels["corrects"], of.corrects))
    if of.cancelled_on:
        facts.append((labels["cancelled_on"], wording.day(of.cancelled_on)))
    elif of.deposit_due and of.deposit_due_on:
        facts.append((labels["deposit_due_on"], wording.day(of.deposit_due_on)))
    if of.due_on:
        facts.append((labels["due_on"], wording.day(of.due_on)))
    if of.valid_until:
        facts.append((labels["valid_until"], wording.day(of.valid_until)))
    return _noted(facts, of, wording)


def _noted(facts: list[Labelled], of: Sheet, wording: Wording) -> list[Labelled]:
    """With the number under which the business pays its taxes."""
    return [*facts, (wording.labels["tax_number"], soft(of.head.tax_number))] if of.head.tax_number else facts


def _item(item: Item, wording: Wording) -> Shown:
    notes = [] if item.counts else [wording.labels["not_chosen"]]
    if item.discount:
        notes.append(f"{wording.labels['discount']}: {wording.money(item.total - item.amount)}")
    tax = ", ".join(wording.percent(tax.rate) for tax in item.taxes)
    shown = (wording.quantity(item.quantity, item.unit), wording.money(item.unit_price), tax, wording.money(item.total))
    return _row([soft(item.description), *shown], notes)


def _row(cells: list[str], notes: Iterable[str] = ()) -> Shown:
    return {"cells": cells, "notes": list(notes)}


def _sums(of: PrintedDocument, wording: Wording) -> Iterator[Sum]:
    labels, money = wording.labels, wording.money
    yield labels["subtotal"], money(of.subtotal), ""
    if of.discount_total:
        yield labels["discount"], money(-of.discount_total), ""
    for tax in of.taxes:
        name = labels["tax"] if tax.name == UNNAMED_TAX else soft(tax.name)
        yield f"{name} {wording.percent(tax.rate)} ({money(tax.base)})", money(tax.amount), ""


def _settled(of: PrintedDocument, wording: Wording) -> Iterator[Sum]:
    labels, money = wording.labels, wording.money
    if of.deposit_amount:
        yield labels["deposit"], money(of.deposit_amount), ""
    if of.paid:
        yield labels["paid"], money(-of.paid), ""
    if of.credited:
        yield labels["credited"], money(-of.credited), ""
    if of.kind is DocumentKind.INVOICE:
        yield labels["due"], money(of.due), "bold"
        if of.deposit_due:
            yield labels["deposit_due"], money(of.deposit_due), ""


def _movements(entries: Iterable[AccountEntry], balance: int, wording: Wording) -> Iterator[Shown]:
    for entry in entries:
        balance += entry.change
        said = f"{wording.labels[entry.movement.value]} {entry.number}"
        yield _row([said, wording.short_day(entry.day), wording.money(entry.change), wording.money(balance)])
