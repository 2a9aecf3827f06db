"""Faults of payments: who may tell of them, how often they are made, and what is booked."""

from tests.faults.source_faults import Edit, SourceFault

_HEARING = "src/domains/payments/hearing.py"
_MODEL = "src/domains/payments/model.py"
_NEWS = "src/domains/payments/news.py"
_CARDS = "src/infra/stripe/cards.py"
_PAID = "tests/api/test_payments.py"
_TOLD = "tests/api/test_payment_webhooks.py"
_ENDED = "tests/faults/test_payments_interrupted.py"


def _fault(name: str, file: str, old: str, new: str, caught_by: str) -> SourceFault:
    return SourceFault(name, (Edit(file, old, new),), caught_by)


FAULTS = (
    _fault(
        "anybody speaks for the platform's account",
        _HEARING,
        "account)\n        event = self._read(incoming.body, account)\n        route =",
        "account) if incoming.headers.get('x') else None\n        event = self._read(incoming.body, account)\n"
        "        route =",
        f"{_TOLD}::test_what_is_not_signed_by_the_account_is_refused_and_leaves_nothing",
    ),
    _fault(
        "a business's account tells of another business",
        _HEARING,
        "        if event.tenant not in {None, tenant}:\n            raise _refusal()\n",
        "",
        f"{_TOLD}::test_a_business_of_its_own_is_told_at_an_address_of_its_own",
    ),
    _fault(
        "what is live counts as a test",
        _HEARING,
        "if event.is_live is not account.is_live:",
        "if event.is_live is None:",
        f"{_TOLD}::test_what_is_live_is_not_taken_for_a_test",
    ),
    _fault(
        "an event is kept for a business that is not here",
        _HEARING,
        "return Route(event.tenant, PLATFORM) if is_of_ours else None",
        "return Route(event.tenant, PLATFORM) if event.tenant or is_of_ours else None",
        f"{_TOLD}::test_what_names_a_business_that_is_not_here_leaves_nothing",
    ),
    _fault(
        "more goes back than came",
        _MODEL,
        "if amount > self.refundable:",
        "if amount > self.amount:",
        f"{_PAID}::test_a_payment_is_given_back_in_parts_and_never_beyond_what_was_paid",
    ),
    _fault(
        "what is disputed is refunded",
        _MODEL,
        "if not self.is_received or self.disputed:",
        "if not self.is_received:",
        f"{_PAID}::test_a_dispute_is_followed",
    ),
    _fault(
        "a refund is not waited with until its payment is told",
        _NEWS,
        "if not payment.is_received:",
        "if not payment.id:",
        f"{_TOLD}::test_events_in_any_order_come_to_the_same",
    ),
    _fault(
        "an intent has no key",
        _CARDS,
        '{"idempotency_key": str(payment.id)}',
        "{}",
        f"{_ENDED}::test_a_payment_is_asked_for_once",
    ),
    _fault(
        "a refund has no key",
        _CARDS,
        '{"idempotency_key": str(refund.id)}',
        "{}",
        f"{_ENDED}::test_a_refund_is_made_once",
    ),
    _fault(
        "an invoice takes more than is due",
        "src/domains/payments/bookkeeping.py",
        "applied = min(payment.amount, invoice.amount_due) if invoice.is_open else 0\n        payment.apply(applied)",
        "applied = payment.amount\n        payment.apply(applied)",
        f"{_PAID}::test_what_comes_twice_is_kept_and_can_be_refunded",
    ),
    _fault(
        "what was paid in cash is asked for by card",
        "src/domains/payments/taking.py",
        "        self.work.later(WITHDRAW_INTENT, invoice.id, at=now)\n",
        "",
        f"{_PAID}::test_what_is_paid_in_cash_ends_the_intent_that_asks_for_it",
    ),
)
