"""Charges, what they cost, and disputes."""

from decimal import ROUND_HALF_UP, Decimal

from infra.sandbox.stripe.book import Book, fresh, new_id
from infra.sandbox.stripe.cards import Card, Outcome
from infra.sandbox.stripe.happenings import tell
from infra.sandbox.stripe.refusals import Json, invalid

_FEE_PER_MILLE = 29
_FIXED_FEE = 30
_DISPUTE_FEE = 1_500


def charge(book: Book, account: str, intent: Json, card: Card) -> Json:
    """Charge the intent's amount to `card`: the charge, succeeded or failed."""
    failed = card.outcome is Outcome.DECLINED
    made = fresh(
        "charge",
        amount=intent["amount"],
        amount_captured=0 if failed else intent["amount"],
        amount_refunded=0,
        balance_transaction=None,
        captured=not failed,
        currency=intent["currency"],
        customer=intent["customer"],
        disputed=False,
        failure_code=card.code or None,
        failure_message=card.message or None,
        metadata=intent["metadata"],
        paid=not failed,
        payment_intent=intent["id"],
        payment_method=card.method,
        payment_method_details={"type": "card", "card": {"last4": card.number[-4:], "brand": "visa"}},
        receipt_email=intent["receipt_email"],
        refunded=False,
        status="failed" if failed else "succeeded",
    )
    if not failed:
        fee = made["amount"] * _FEE_PER_MILLE // 1_000 + _FIXED_FEE
        made["balance_transaction"] = balance(book, account, made, amount=made["amount"], fee=fee, kind="charge")["id"]
    book.add(account, made)
    tell(book, account, "charge.failed" if failed else "charge.succeeded", made)
    return made


def balance(book: Book, account: str, source: Json, *, amount: int, fee: int, kind: str) -> Json:
    """A line of the balance, in the currency in which the account is settled: `net` is `amount - fee`."""
    currency, rate = book.settlement(account, source["currency"])
    if rate is not None:
        amount, fee = _exchanged(amount, rate), _exchanged(fee, rate)
    line = fresh(
        "balance_transaction", amount=amount, fee=fee, net=amount - fee, currency=currency, type=kind,
        source=source["id"], status="available", available_on=book.now(),
        reporting_category=kind, exchange_rate=None if rate is None else float(rate),
    )  # fmt: skip
    return book.add(account, line)


def _exchanged(amount: int, rate: Decimal) -> int:
    return int((amount * rate).to_integral_value(ROUND_HALF_UP))


def dispute(book: Book, account: str, disputed: Json, *, amount: int | None = None) -> Json:
    """Have a charge disputed: its amount, or another, and a fee are taken from the balance, refunded or not."""
    made = fresh(
        "dispute", amount=amount or disputed["amount"], charge=disputed["id"], currency=disputed["currency"],
        payment_intent=disputed["payment_intent"], reason="fraudulent", status="needs_response", metadata={},
        evidence={}, is_charge_refundable=False,
    )  # fmt: skip
    made["balance_transactions"] = [_withdrawn(book, account, made)]
    book.add(account, made)
    book.save({**disputed, "disputed": True})
    tell(book, account, "charge.dispute.created", made)
    tell(book, account, "charge.dispute.funds_withdrawn", made)
    return made


def reopen_dispute(book: Book, account: str, wanted: str) -> Json:
    """Have the bank contest once more what was won: its amount and another fee are taken."""
    made = book.one(account, "dispute", wanted)
    if made["status"] != "won":
        raise invalid("Only a dispute that was won is opened again.")
    made["status"] = "needs_response"
    made["balance_transactions"].append(_withdrawn(book, account, made))
    book.save(made)
    _tell_later(book, account, made, "charge.dispute.updated", "charge.dispute.funds_withdrawn")
    return made


def close_dispute(book: Book, account: str, wanted: str, *, won: bool) -> Json:
    """Decide a dispute, or what was lost otherwise. What is won comes back, the fee does not."""
    made = book.one(account, "dispute", wanted)
    if made["status"] == "won":
        raise invalid("What was won is opened again first.")
    made["status"] = "won" if won else "lost"
    if won:
        line = balance(book, account, made, amount=made["amount"], fee=0, kind="adjustment")
        made["balance_transactions"].append(line)
    book.save(made)
    _tell_later(book, account, made, *(["charge.dispute.funds_reinstated"] if won else []), "charge.dispute.closed")
    return made


def _withdrawn(book: Book, account: str, made: Json) -> Json:
    return balance(book, account, made, amount=-made["amount"], fee=_DISPUTE_FEE, kind="adjustment")


def _tell_later(book: Book, account: str, made: Json, *kinds: str) -> None:
    """In a later second than whatever was told of it before, so that it can be seen which came last."""
    turns = 2 * len(made["balance_transactions"]) + (made["status"] == "lost")
    at = max(book.now(), made["created"] + turns)
    for kind in kinds:
        tell(book, account, kind, made, at=at)


def request_id() -> str:
    return new_id("req")
