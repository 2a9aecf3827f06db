"""Refunds: never more than was charged."""

from infra.sandbox.stripe.amounts import amount_of
from infra.sandbox.stripe.book import Book, fresh
from infra.sandbox.stripe.charging import balance
from infra.sandbox.stripe.happenings import tell
from infra.sandbox.stripe.refusals import Json, invalid

_REASONS = (None, "duplicate", "fraudulent", "requested_by_customer")


class Refunds:
    """The refunds of all accounts."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def create(self, account: str, asked: Json) -> Json:
        """Give back `amount` of a charge, or all that is left of it."""
        charged = self._charged(account, asked)
        left = charged["amount_captured"] - charged["amount_refunded"]
        if left == 0:
            message = f"Charge {charged['id']} has already been refunded."
            raise invalid(message, code="charge_already_refunded")
        if charged["disputed"]:
            message = f"Charge {charged['id']} has been charged back; cannot issue a refund."
            raise invalid(message, code="charge_disputed")
        amount = amount_of(asked, charged["currency"]) or left
        if amount > left:
            message = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
            raise invalid(message, param="amount")
        if asked.get("reason") not in _REASONS:
            raise invalid("Invalid reason.", param="reason")
        return self._make(account, charged, amount, asked)

    def fail(self, account: str, wanted: str) -> Json:
        """Have a refund come back from the bank: what was given is on the balance again."""
        refund = self._book.one(account, "refund", wanted)
        if refund["status"] != "succeeded":
            raise invalid("Only a refund that succeeded fails.")
        charged = self._book.one(account, "charge", refund["charge"])
        charged.update(amount_refunded=charged["amount_refunded"] - refund["amount"], refunded=False)
        self._book.save(charged)
        balance(self._book, account, refund, amount=refund["amount"], fee=0, kind="refund_failure")
        refund.update(status="failed", failure_reason="expired_or_canceled_card")
        self._book.save(refund)
        tell(self._book, account, "refund.updated", refund)
        tell(self._book, account, "refund.failed", refund)
        return refund

    def _make(self, account: str, charged: Json, amount: int, asked: Json) -> Json:
        refund = fresh(
            "refund", amount=amount, charge=charged["id"], currency=charged["currency"],
            metadata=asked.get("metadata") or {}, payment_intent=charged["payment_intent"],
            reason=asked.get("reason"), status="succeeded", failure_reason=None,
        )  # fmt: skip
        line = balance(self._book, account, refund, amount=-amount, fee=0, kind="refund")
        refund["balance_transaction"] = line["id"]
        self._book.add(account, refund)
        charged["amount_refunded"] += amount
        charged["refunded"] = charged["amount_refunded"] == charged["amount_captured"]
        self._book.save(charged)
        tell(self._book, account, "refund.created", refund)
        tell(self._book, account, "charge.refunded", charged)
        return refund

    def _charged(self, account: str, asked: Json) -> Json:
        if wanted := asked.get("charge"):
            return self._book.one(account, "charge", str(wanted), param="charge")
        wanted = asked.get("payment_intent")
        if not wanted:
            raise invalid("One of the following params should be provided: payment_intent or charge.")
        intent = self._book.one(account, "payment_intent", str(wanted), param="payment_intent")
        if intent["status"] != "succeeded":
            message = f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund."
            raise invalid(message, code="payment_intent_unexpected_state")
        return self._book.one(account, "charge", intent["latest_charge"])
