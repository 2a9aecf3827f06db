"""Faults of payments: who may tell of them, how often they are made, and what is booked."""

from tests.faults.source_faults import Edit, SourceFault

_HEARING = "src/domains/payments/hearing.py"
_PROVING = "src/domains/payments/proving.py"
_MODEL = "src/domains/payments/model.py"
_NEWS = "src/domains/payments/news.py"
_CARDS = "src/infra/stripe/cards.py"
_TROUBLE = "tests/infra/test_stripe_cards.py"
_PAID = "tests/api/test_payments.py"
_TOLD = "tests/api/test_payment_webhooks.py"
_DISPUTES = "tests/api/test_disputes.py"
_ACCOUNTS = "tests/api/test_payment_accounts.py"
_NIGHTLY = "tests/api/test_payment_reconciliation.py"
_ENDED = "tests/faults/test_payments_interrupted.py"


def _fault(name: str, file: str, old: str, new: str, caught_by: str) -> SourceFault:
    return SourceFault(name, (Edit(file, old, new),), caught_by)


FAULTS = (
    _fault(
        "what an account signs is taken for what Stripe says",
        "src/infra/stripe/reading.py",
        "    if not isinstance(given, str) or not _ID.fullmatch(given):\n",
        "    if not given:\n",
        "tests/api/test_payment_webhooks.py::test_a_business_that_signs_what_stripe_never_says_is_refused",
    ),
    _fault(
        "anybody speaks for an account",
        _PROVING,
        "        self.reader.must_be_signed(incoming.body, incoming.headers.get(SIGNATURE), account)\n",
        "",
        f"{_TOLD}::test_what_is_not_signed_by_the_account_is_refused_and_leaves_nothing",
    ),
    _fault(
        "a business's account tells of another business",
        _PROVING,
        "if event.tenant not in {None, tenant} or",
        "if",
        f"{_TOLD}::test_a_business_that_tells_of_another_is_refused_noted_and_raises_an_alert",
    ),
    _fault(
        "a business's account tells of the platform's intents",
        _PROVING,
        "event.tenant not in {None, tenant} or await self._is_platforms(event)",
        "event.tenant not in {None, tenant}",
        f"{_TOLD}::test_a_business_that_tells_of_another_is_refused_noted_and_raises_an_alert",
    ),
    _fault(
        "nobody hears of a business that tells of another",
        _PROVING,
        "            self.watch.refused(Suspicion.ANOTHER_BUSINESS)\n",
        "",
        f"{_TOLD}::test_a_business_that_tells_of_another_is_refused_noted_and_raises_an_alert",
    ),
    _fault(
        "what is live counts as a test",
        _PROVING,
        "if event.is_live is not account.is_live:",
        "if event.is_live is None:",
        f"{_TOLD}::test_what_is_live_is_not_taken_for_a_test_nor_the_reverse",
    ),
    _fault(
        "an event is parsed before it is proven",
        _PROVING,
        "        self.reader.must_be_signed(incoming.body, incoming.headers.get(SIGNATURE), account)\n"
        "        event = self.reader.read(incoming.body)\n",
        "        event = self.reader.read(incoming.body)\n"
        "        self.reader.must_be_signed(incoming.body, incoming.headers.get(SIGNATURE), account)\n",
        f"{_TOLD}::test_a_body_that_cannot_be_read_is_refused_once_it_is_proven",
    ),
    _fault(
        "a signature is compared byte by byte",
        "src/infra/webhooks/signature.py",
        "hmac.compare_digest(one.encode(), other.encode())",
        "one == other",
        "tests/infra/webhooks/test_signature.py::test_a_signature_that_differs_early_takes_the_same_steps",
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
        "a dispute of what was refunded is never booked",
        _MODEL,
        "applied = min(amount - unapplied, self.applied_amount)",
        "applied = amount - unapplied",
        f"{_PAID}::test_what_a_dispute_takes_beyond_what_is_left_is_a_loss",
    ),
    _fault(
        "a loss is not made good by what comes back",
        _MODEL,
        "beyond = min(amount, self.overdrawn_amount)",
        "beyond = 0",
        f"{_PAID}::test_a_refund_that_comes_back_covers_what_a_dispute_took_beyond_it",
    ),
    _fault(
        "a dispute that is won ends the others",
        "src/infra/postgres/payments.py",
        "status in ('open', 'lost'))",
        "status = 'lost')",
        f"{_PAID}::test_a_payment_stays_disputed_while_any_of_its_disputes_does",
    ),
    _fault(
        "whoever has an invoice's link begins payments at will",
        "src/api/payments.py",
        'opt={"public": True, "repeatable": True, "limit": LimitName.AUTH, "example": {}}',
        'opt={"public": True, "repeatable": True, "example": {}}',
        "tests/api/test_rate_limits.py::test_whatever_strangers_change_more_than_once_has_a_limit_of_its_own",
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
        "a vendor that is down is asked by everybody",
        "src/infra/guarding.py",
        "if self._failures < _MOST_FAILURES:",
        "if self._failures >= 0:",
        f"{_TROUBLE}::test_one_that_is_down_is_left_alone_and_asked_now_and_then",
    ),
    _fault(
        "an account that may not ask stops all others",
        _CARDS,
        "raise TryLater(_reason(error)) from error",
        "raise TryLater(_reason(error), is_general=True) from error",
        f"{_TROUBLE}::test_what_stripe_does_not_do_for_one_account_stops_no_other",
    ),
    _fault(
        "an answer that comes byte by byte is waited for",
        _CARDS,
        "async with asyncio.timeout(self._seconds):",
        "async with asyncio.timeout(None):",
        f"{_TROUBLE}::test_a_slow_drip_ends_in_time",
    ),
    _fault(
        "an answer that makes no sense is a failure of ours",
        _CARDS,
        "except _UNREADABLE as error:",
        "except ZeroDivisionError as error:",
        f"{_TROUBLE}::test_no_answer_of_stripe_is_a_failure_of_ours",
    ),
    _fault(
        "an invoice takes more than is due",
        "src/domains/payments/bookkeeping.py",
        "applied = min(payment.amount, invoice.amount_due) if invoice.is_open else 0\n        payment.apply(applied)",
        "applied = payment.amount\n        payment.apply(applied)",
        f"{_PAID}::test_what_comes_twice_is_kept_and_can_be_refunded",
    ),
    _fault(
        "a fee is booked each night anew",
        "src/domains/payments/fees.py",
        "return uuid5(_LINES, self.line_id)",
        "return uuid5(_LINES, f'{self.line_id} {id(self)}')",
        f"{_NIGHTLY}::test_what_the_provider_keeps_is_booked_once_and_leaves_its_own_balance",
    ),
    _fault(
        "an older word of a dispute counts",
        "src/domains/payments/disputes.py",
        "return (at, DISPUTE_RANK[status]) <= (known, DISPUTE_RANK[self.status])",
        "return (at, DISPUTE_RANK[status]) == (known, DISPUTE_RANK[self.status])",
        f"{_DISPUTES}::test_told_in_any_order_it_comes_to_the_same",
    ),
    _fault(
        "a dispute that is opened again is not booked",
        "src/domains/payments/disputes.py",
        "return uuid5(self.id, str(self.turn)) if self.turn else self.id",
        "return uuid5(self.id, '0') if self.turn else self.id",
        f"{_DISPUTES}::test_what_is_told_last_counts",
    ),
    _fault(
        "what was lost and is back is not the invoice's again",
        "src/domains/payments/bookkeeping.py",
        "        dispute.taken_back = parts.applied\n",
        "",
        f"{_DISPUTES}::test_what_is_told_last_counts",
    ),
    _fault(
        "what the platform is paid out is each business's",
        "src/domains/payments/reconciling.py",
        "        if account.is_own:\n            await self.booking.book_payouts(",
        "        if account:\n            await self.booking.book_payouts(",
        f"{_NIGHTLY}::test_what_the_platform_is_paid_out_is_no_business_s",
    ),
    _fault(
        "what an account paid out before is taken for ours",
        "src/domains/payments/fees.py",
        "if began is not None and payout.at >= began:",
        "if began is not None:",
        f"{_NIGHTLY}::test_what_an_account_paid_out_before_it_was_ours_to_fill_is_in_no_book",
    ),
    _fault(
        "a payout that comes back stays in the bank",
        "src/infra/stripe/reading.py",
        "PayoutTold(line_id=line_id, amount=-amount,",
        "PayoutTold(line_id=line_id, amount=abs(amount),",
        f"{_NIGHTLY}::test_what_the_provider_pays_out_is_in_the_bank_until_it_comes_back",
    ),
    _fault(
        "what Stripe exchanges is in no book",
        "src/domains/payments/fees.py",
        "                    if fee.is_exchanged:\n",
        "                    if fee.is_exchanged and fee.told.amount < 0:\n",
        f"{_NIGHTLY}::test_what_is_settled_in_another_currency_is_exchanged_in_the_books",
    ),
    _fault(
        "a refund is exchanged as a charge is",
        "src/domains/payments/fees.py",
        "(fee.amount if fee.told.exchanged > 0 else -fee.amount)",
        "fee.amount",
        f"{_NIGHTLY}::test_what_is_settled_in_another_currency_is_exchanged_in_the_books",
    ),
    _fault(
        "a card is charged in any currency",
        "src/domains/payments/collecting.py",
        "if not self.accounts.takes(invoice.currency):",
        "if not invoice.currency:",
        f"{_PAID}::test_what_the_provider_never_takes_is_refused_and_said_why",
    ),
    _fault(
        "Stripe is told an amount that it counts otherwise",
        _CARDS,
        '"amount": to_stripe(payment.amount, payment.currency),',
        '"amount": payment.amount,',
        f"{_PAID}::test_a_provider_that_counts_a_currency_otherwise_takes_as_much",
    ),
    _fault(
        "what is made about the first moment of what is compared is a difference",
        "src/domains/payments/reconciling.py",
        "by_card_since(since - _OVERLAP)",
        "by_card_since(since)",
        "tests/api/test_payment_reconciliation.py"
        "::test_what_is_made_about_the_first_moment_of_what_is_compared_is_no_difference",
    ),
    _fault(
        "a dinar has the decimals that people write",
        "src/domains/billing/currencies.py",
        "return _DECIMALS.get(currency, _USUAL)",
        'return 0 if currency == "RSD" else _DECIMALS.get(currency, _USUAL)',
        "tests/infra/documents/test_papers.py::test_amounts_have_the_decimals_of_their_currency",
    ),
    _fault(
        "what was paid in cash is asked for by card",
        "src/domains/payments/taking.py",
        "        self.work.later(WITHDRAW_INTENT, invoice.id, at=now)\n",
        "",
        f"{_PAID}::test_what_is_paid_in_cash_ends_the_intent_that_asks_for_it",
    ),
    _fault(
        "a receipt says that what is cancelled is open",
        "src/domains/invoices/model.py",
        "return self.amount_due if self.is_open else 0",
        "return self.amount_due",
        f"{_PAID}::test_what_comes_for_a_cancelled_invoice_is_more_than_was_due",
    ),
    _fault(
        "an account that is gone keeps an invoice from being paid",
        "src/domains/payments/settling.py",
        '            await self._give_up(payment, "account_gone")\n            return True\n',
        "            raise\n",
        f"{_ACCOUNTS}::test_an_intent_of_an_account_that_is_gone_is_in_nobodys_way",
    ),
    _fault(
        "a refund that is refused is set aside",
        "src/domains/payments/refunding.py",
        "            await self.accounts.one(own=payment.own_account)\n",
        "",
        f"{_ACCOUNTS}::test_a_refund_by_an_account_that_is_gone_is_refused_and_sets_nothing_aside",
    ),
)
