"""What is given up of an invoice, in whatever parts, comes to the invoice in each of its taxes."""

import random
from decimal import Decimal

import pytest

from domains.billing import Discount, ItemTax, WantedItem
from domains.invoices import CreateInvoice, CreditedItem, CreditInvoice, CreditNote, Invoice, Overpayment
from domains.shared.errors import InvalidTransition, ValidationFailed
from domains.shared.ids import new_id
from tests.domains.invoices.test_recurrence import DEFAULTS, NOW

TAXES = [("VAT", "20"), ("State", "8.875"), ("City", "0.5"), ("Zero", "0"), ("Reduced", "7")]
TIMES = 400


def an_item(chance: random.Random) -> WantedItem:
    discount = chance.choice([None, None, Discount(percent=str(chance.randint(1, 100)))])
    taxes = tuple(ItemTax(name=name, rate=rate) for name, rate in chance.sample(TAXES, chance.randint(0, 3)))
    quantity = str(Decimal(chance.randint(1, 9_999)) / 1_000) if chance.random() < 0.5 else str(chance.randint(1, 9))
    price = chance.choice([chance.randint(0, 9), chance.randint(0, 99_999)])
    return WantedItem(description="x", quantity=quantity, unit_price=price, taxes=taxes, discount=discount)


def an_invoice(chance: random.Random) -> Invoice:
    order = CreateInvoice(
        customer_id=new_id(),
        items=tuple(an_item(chance) for _ in range(chance.randint(1, 6))),
        discount=chance.choice([None, Discount(percent="12.5")]),
        prices_include_tax=chance.random() < 0.5,
    )
    invoice = Invoice.draft(order, DEFAULTS, now=NOW)
    invoice.issue("INV-1", b"x", today=DEFAULTS.day_of(NOW), payment_days=30, now=NOW)
    return invoice


def an_order(chance: random.Random, invoice: Invoice) -> CreditInvoice:
    match chance.randint(0, 2):
        case 0:
            return CreditInvoice(amount=chance.randint(1, max(1, invoice.amount_due)))
        case 1:
            item = chance.choice(invoice.items)
            part = str(min(Decimal(item.quantity), Decimal(chance.randint(1, 3_000)) / 1_000))
            return CreditInvoice(items=(CreditedItem(item_id=item.id, quantity=part),))
        case _:
            return CreditInvoice(items=(CreditedItem(item_id=chance.choice(invoice.items).id),))


def given_up(chance: random.Random, invoice: Invoice) -> list[CreditNote]:
    """Ten orders of any kind, and then all that is left."""
    notes: list[CreditNote] = []
    for at in range(11):
        order = an_order(chance, invoice) if at < 10 else CreditInvoice()
        if not invoice.amount_due:
            break
        try:
            note = CreditNote.on(invoice, order, before=notes, number="C", now=NOW)
        except (InvalidTransition, Overpayment, ValidationFailed):
            continue
        invoice.credit(note.total, now=NOW)
        notes.append(note)
    return notes


@pytest.mark.parametrize("seed", range(4))
def test_of_hundreds_given_up_in_parts_each_is_given_up_to_the_unit(seed: int) -> None:
    chance, parts = random.Random(seed), 0  # noqa: S311 - chance of a test, no secret
    for _ in range(TIMES // 4):
        invoice = an_invoice(chance)
        notes = given_up(chance, invoice)
        parts += len(notes)
        assert invoice.amount_due == 0
        assert sum(note.subtotal for note in notes) == (invoice.subtotal - invoice.discount_total if notes else 0)
        for note in notes:
            assert note.total == note.subtotal + sum(tax.amount for tax in note.taxes) > 0
            assert min([note.subtotal, *(each for tax in note.taxes for each in (tax.amount, tax.base))]) >= 0
        for tax in invoice.taxes if notes else ():
            of_it = [each for note in notes for each in note.taxes if (each.name, each.rate) == (tax.name, tax.rate)]
            assert sum(each.amount for each in of_it) == tax.amount
    assert parts > TIMES // 4
