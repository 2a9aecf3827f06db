"""Deposits of invoices: what is asked for first, what is late of it, and what comes after it."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domains.billing import Deposit, WantedItem
from domains.invoices import ChangeInvoice, CreateInvoice, Invoice, InvoiceStatus, Overpayment
from domains.shared.errors import DeadlinePassed, DomainError, ValidationFailed
from domains.shared.ids import new_id
from tests.domains.invoices.test_recurrence import DEFAULTS, NOW

THREE_HUNDRED = Deposit(amount=300)
TODAY = DEFAULTS.day_of(NOW)
TEN = TODAY + timedelta(days=10)
OVERDUE, PARTLY, SENT = InvoiceStatus.OVERDUE, InvoiceStatus.PARTIALLY_PAID, InvoiceStatus.SENT


def drafted(
    deposit: Deposit | None, price: int = 1_000, *, deposit_due_date: date | None = None, due_date: date | None = None
) -> Invoice:
    items = (WantedItem(description="x", unit_price=price, taxes=()),)
    order = CreateInvoice(
        customer_id=new_id(), items=items, deposit=deposit, deposit_due_date=deposit_due_date, due_date=due_date
    )
    return Invoice.draft(order, DEFAULTS, now=NOW)


def issued(invoice: Invoice) -> Invoice:
    invoice.must_be_sendable(today=TODAY)
    invoice.issue("INV-1", b"x", today=TODAY, payment_days=30, now=NOW)
    return invoice


def sent(
    deposit: Deposit | None = THREE_HUNDRED, *, deposit_due_date: date | None = None, due_date: date | None = None
) -> Invoice:
    return issued(drafted(deposit, deposit_due_date=deposit_due_date, due_date=due_date))


def asked(invoice: Invoice) -> tuple[InvoiceStatus, int, int, int]:
    """How it stands: what is due of the deposit, what is asked for next, and what is late."""
    paid, deposit = invoice.amount_paid, invoice.deposit_amount
    assert invoice.deposit_due == min(invoice.amount_due, max(0, deposit - paid))
    assert invoice.deposit_paid == min(paid, deposit)
    assert 0 <= invoice.amount_overdue <= invoice.amount_asked <= invoice.amount_due
    assert (invoice.amount_asked > 0) is invoice.is_open
    assert not invoice.deposit_overdue or (invoice.is_overdue and invoice.deposit_due > 0)
    return invoice.status, invoice.deposit_due, invoice.amount_asked, invoice.amount_overdue


@pytest.mark.parametrize(
    ("deposit", "price", "comes_to"),
    [
        (None, 1_000, 0),
        (Deposit(percent="30"), 1_005, 302),
        (Deposit(percent="33.3333"), 100, 33),
        (Deposit(percent="0.0001"), 100, 0),
        (Deposit(percent="100"), 999, 999),
        (Deposit(amount=999), 999, 999),
        (Deposit(percent="50"), 2**53 - 1, 2**52),
    ],
)
def test_it_is_a_share_of_the_total(deposit: Deposit | None, price: int, comes_to: int) -> None:
    assert drafted(deposit, price).deposit_amount == comes_to


def test_it_is_never_more_than_the_total() -> None:
    with pytest.raises(ValidationFailed):
        drafted(Deposit(amount=1_001))
    invoice = drafted(Deposit(amount=1_000))
    smaller = (WantedItem(description="x", unit_price=999, taxes=()),)
    with pytest.raises(ValidationFailed):
        invoice.revise(ChangeInvoice(items=smaller), DEFAULTS, now=NOW)
    with pytest.raises(ValidationFailed):
        drafted(Deposit(percent="1", amount=1))


def test_it_is_asked_for_first_and_the_rest_after_it() -> None:
    invoice = drafted(Deposit(amount=300))
    assert (invoice.deposit_due, invoice.amount_asked) == (300, 0)
    issued(invoice)
    assert (invoice.deposit_due_date, invoice.due_date) == (TODAY, TODAY + timedelta(days=30))
    assert asked(invoice) == (SENT, 300, 300, 0)
    invoice.receive(100, now=NOW)
    assert asked(invoice) == (PARTLY, 200, 200, 0)
    invoice.receive(200, now=NOW)
    assert (asked(invoice), invoice.deposit_paid_at) == ((PARTLY, 0, 700, 0), NOW)
    with pytest.raises(Overpayment):
        invoice.receive(701, now=NOW)
    invoice.receive(700, now=NOW)
    assert asked(invoice) == (InvoiceStatus.PAID, 0, 0, 0)


def test_what_is_credited_comes_off_the_rest_first() -> None:
    invoice = sent()
    invoice.credit(650, now=NOW)
    assert asked(invoice) == (SENT, 300, 300, 0)
    invoice.credit(150, now=NOW)
    assert (asked(invoice), invoice.deposit_paid_at) == ((SENT, 200, 200, 0), None)


def test_only_the_deposit_is_late_until_the_last_day_is_over() -> None:
    invoice = sent(deposit_due_date=TEN)
    assert invoice.ends_on == TEN
    invoice.fall_due(now=NOW)
    invoice.remind(now=NOW)
    assert (asked(invoice), invoice.late_since, invoice.ends_on) == ((OVERDUE, 300, 300, 300), TEN, invoice.due_date)
    invoice.receive(299, now=NOW)
    assert asked(invoice) == (OVERDUE, 1, 1, 1)
    invoice.fall_due(now=NOW)
    assert (asked(invoice), invoice.late_since, invoice.reminders) == ((OVERDUE, 1, 701, 701), invoice.due_date, 0)
    assert not invoice.may_fall_due


def test_a_deposit_that_comes_late_ends_what_is_late() -> None:
    invoice = sent(deposit_due_date=TEN)
    invoice.fall_due(now=NOW)
    invoice.receive(300, now=NOW)
    assert asked(invoice) == (PARTLY, 0, 700, 0)
    invoice.fall_due(now=NOW)
    assert asked(invoice) == (OVERDUE, 0, 700, 700)


def test_a_deposit_that_went_back_is_not_dunned() -> None:
    invoice = sent(deposit_due_date=TEN)
    invoice.receive(300, now=NOW)
    invoice.take_back(300, now=NOW)
    assert (asked(invoice), invoice.ends_on) == ((SENT, 300, 300, 0), invoice.due_date)


def test_one_that_is_late_can_be_cancelled() -> None:
    invoice = sent(deposit_due_date=TEN)
    invoice.fall_due(now=NOW)
    invoice.cancel(now=NOW)
    assert (invoice.deposit_overdue, invoice.amount_asked) == (False, 0)


def test_it_falls_due_before_the_rest_and_not_in_the_past() -> None:
    with pytest.raises(ValidationFailed):
        sent(deposit_due_date=TEN, due_date=TEN - timedelta(days=1))
    with pytest.raises(DeadlinePassed):
        sent(deposit_due_date=TODAY - timedelta(days=1))
    assert sent(None, deposit_due_date=TODAY - timedelta(days=1)).deposit_due_date is None
    together = sent(deposit_due_date=TEN, due_date=TEN)
    together.fall_due(now=NOW)
    assert asked(together) == (OVERDUE, 300, 1_000, 1_000)


VERBS = some.tuples(some.sampled_from(("receive", "credit", "take_back", "fall_due", "cancel")), some.integers(1, 400))


@given(deposit=some.integers(1, 1_000), turns=some.lists(VERBS, max_size=12))
def test_whatever_happens_what_is_asked_is_due(deposit: int, turns: list[tuple[str, int]]) -> None:
    invoice = sent(Deposit(amount=deposit), deposit_due_date=TEN)
    for verb, amount in turns:
        given_amount = [amount] if verb in {"receive", "credit", "take_back"} else []
        with suppress(DomainError):
            getattr(invoice, verb)(*given_amount, now=NOW)
        _, _, to_pay_next, late = asked(invoice)
        assert late <= to_pay_next <= invoice.amount_due
