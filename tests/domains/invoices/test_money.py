"""What comes in for an invoice, goes back, and is given up: what is due, and how it then stands."""

from datetime import UTC, datetime, timedelta

import pytest

from domains.billing import WantedItem
from domains.invoices import CreateInvoice, Invoice, InvoiceStatus, Overpayment
from domains.shared.errors import InvalidTransition, ValidationFailed
from domains.shared.ids import new_id
from tests.domains.invoices.test_recurrence import DEFAULTS, NOW

DRAFT, SENT, PARTLY, OVERDUE, PAID = (
    InvoiceStatus.DRAFT,
    InvoiceStatus.SENT,
    InvoiceStatus.PARTIALLY_PAID,
    InvoiceStatus.OVERDUE,
    InvoiceStatus.PAID,
)


def sent(price: int = 1_000) -> Invoice:
    item = WantedItem(description="x", unit_price=price, taxes=())
    invoice = Invoice.draft(CreateInvoice(customer_id=new_id(), items=(item,)), DEFAULTS, now=NOW)
    invoice.issue("INV-1", b"x", today=DEFAULTS.day_of(NOW), payment_days=30, now=NOW)
    return invoice


def stands(invoice: Invoice) -> tuple[InvoiceStatus, int]:
    assert invoice.amount_due == invoice.total - invoice.amount_credited - invoice.amount_paid >= 0
    assert (invoice.status is PAID) is (invoice.paid_at is not None) is (invoice.amount_due == 0)
    return invoice.status, invoice.amount_due


def test_it_is_paid_in_parts() -> None:
    invoice = sent()
    assert stands(invoice) == (SENT, 1_000)
    invoice.receive(400, now=NOW)
    assert stands(invoice) == (PARTLY, 600)
    invoice.credit(100, now=NOW)
    assert stands(invoice) == (PARTLY, 500)
    invoice.receive(500, now=NOW)
    assert stands(invoice) == (PAID, 0)


def test_it_stays_overdue_while_a_rest_is_due() -> None:
    invoice = sent()
    invoice.receive(1, now=NOW)
    invoice.fall_due(now=NOW)
    invoice.receive(400, now=NOW)
    assert stands(invoice) == (OVERDUE, 599)
    invoice.take_back(400, now=NOW)
    assert stands(invoice) == (OVERDUE, 999)
    invoice.receive(999, now=NOW)
    assert stands(invoice) == (PAID, 0)


@pytest.mark.parametrize("amount", [1_001, 2**53])
def test_no_more_than_is_due(amount: int) -> None:
    invoice = sent()
    for verb in (invoice.receive, invoice.credit):
        with pytest.raises(Overpayment):
            verb(amount, now=NOW)
    invoice.receive(1, now=NOW)
    for verb in (invoice.receive, invoice.credit):
        with pytest.raises(Overpayment):
            verb(1_000, now=NOW)
    assert stands(invoice) == (PARTLY, 999)


@pytest.mark.parametrize("amount", [0, -1, 401])
def test_no_more_goes_back_than_came(amount: int) -> None:
    invoice = sent()
    invoice.receive(400, now=NOW)
    with pytest.raises(ValidationFailed):
        invoice.take_back(amount, now=NOW)
    assert stands(invoice) == (PARTLY, 600)


def test_a_refund_alone_is_no_reason_to_dun() -> None:
    invoice = sent()
    invoice.receive(1_000, now=NOW)
    invoice.take_back(1_000, now=NOW)
    assert (*stands(invoice), invoice.may_fall_due) == (SENT, 1_000, False)
    with pytest.raises(InvalidTransition):
        invoice.fall_due(now=NOW)
    invoice.credit(1_000, now=NOW)
    assert (*stands(invoice), invoice.reopened_at) == (PAID, 0, None)


def test_nothing_comes_in_for_what_is_no_claim() -> None:
    draft, void = sent(), sent()
    draft.number, draft.status = None, DRAFT
    void.cancel(now=NOW)
    for invoice in (draft, void):
        for verb in (invoice.receive, invoice.credit):
            with pytest.raises(InvalidTransition):
                verb(1, now=NOW)


def test_times_go_forward() -> None:
    invoice = sent()
    invoice.receive(1, now=datetime(2020, 1, 1, tzinfo=UTC))
    assert (invoice.updated_at, invoice.version) == (NOW, 3)
    invoice.receive(1, now=NOW + timedelta(days=1))
    assert invoice.updated_at == NOW + timedelta(days=1)
