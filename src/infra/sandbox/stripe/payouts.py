"""Payouts: what is on the balance goes to the bank, which may send it back."""

from infra.sandbox.stripe.book import Book, fresh
from infra.sandbox.stripe.charging import balance
from infra.sandbox.stripe.forms import whole
from infra.sandbox.stripe.happenings import tell
from infra.sandbox.stripe.refusals import Json, invalid


class Payouts:
    """The payouts of all accounts."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def available(self, account: str) -> dict[str, int]:
        """What is on the balance, by currency."""
        sums: dict[str, int] = {}
        for line in self._book.every(account, "balance_transaction"):
            sums[line["currency"]] = sums.get(line["currency"], 0) + line["net"]
        return sums

    def create(self, account: str, asked: Json) -> Json:
        """Pay `amount` out, no more than there is."""
        amount, currency = whole(asked, "amount", low=1), str(asked.get("currency", "")).lower()
        if not amount or amount > self.available(account).get(currency, 0):
            message = "You have insufficient funds in your Stripe account for this payout."
            raise invalid(message, param="amount", code="balance_insufficient")
        payout = fresh(
            "payout", amount=amount, currency=currency, metadata=asked.get("metadata") or {}, method="standard",
            status="paid", type="bank_account", automatic=False, failure_code=None,
        )  # fmt: skip
        line = balance(self._book, account, payout, amount=-amount, fee=0, kind="payout")
        payout["balance_transaction"] = line["id"]
        self._book.add(account, payout)
        for kind in ("payout.created", "payout.paid"):
            tell(self._book, account, kind, payout)
        return payout

    def fail(self, account: str, wanted: str) -> Json:
        """Have the bank send it back."""
        payout = self._book.one(account, "payout", wanted)
        if payout["status"] != "paid":
            raise invalid("Only a payout that was paid fails.")
        line = balance(self._book, account, payout, amount=payout["amount"], fee=0, kind="payout_failure")
        payout.update(status="failed", failure_code="account_closed", failure_balance_transaction=line["id"])
        self._book.save(payout)
        tell(self._book, account, "payout.failed", payout)
        return payout
