"""What a test or the sandbox has the stand-in do, at `/_control/…`: JSON in, JSON out, on this machine only."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from infra.sandbox.stripe.book import Book
from infra.sandbox.stripe.cards import card_numbered
from infra.sandbox.stripe.charging import close_dispute, dispute, reopen_dispute
from infra.sandbox.stripe.delivering import Delivering
from infra.sandbox.stripe.faults import Faults
from infra.sandbox.stripe.intents import Intents
from infra.sandbox.stripe.payouts import Payouts
from infra.sandbox.stripe.refunds import Refunds
from infra.sandbox.stripe.refusals import Json, StripeRefusal, invalid
from infra.sandbox.stripe.routing import Routing

_OWNER = "select account from objects where id = ?"
_DELIVERIES = "select event, state, tries, status from deliveries order by seq"
_PAYMENTS = "select account from objects where kind = 'payment_intent' group by account"


class Control:
    """Each verb is the last part of the address."""

    def __init__(self, book: Book, faults: Faults, routing: Routing, delivering: Delivering, *, address: str) -> None:
        self._book = book
        self._faults = faults
        self._routing = routing
        self._delivering = delivering
        self._intents = Intents(book, address=address)
        self._refunds = Refunds(book)
        self._verbs: Mapping[str, Callable[[Json], Any]] = {
            "accounts": self._open_account,
            "authenticate": lambda order: self.authenticate(order["intent"], succeeds=order.get("succeeds", True)),
            "clock": lambda order: book.be_at(int(order["now"])),
            "close-dispute": self._close_dispute,
            "confirm": self._confirm,
            "deliveries": lambda _: [dict(row) for row in book.ask(_DELIVERIES)],
            "dispute": self._dispute,
            "fail-payout": lambda order: Payouts(book).fail(self._owner(order["payout"]), order["payout"]),
            "fail-refund": lambda order: self._refunds.fail(self._owner(order["refund"]), order["refund"]),
            "faults": lambda order: faults.want(order["kind"], times=order.get("times", 1), path=order.get("path", "")),
            "forget-faults": lambda _: faults.forget(),
            "reopen-dispute": lambda order: reopen_dispute(book, self._owner(order["dispute"]), order["dispute"]),
            "payments": lambda _: self._payments(),
            "settle": self._settle,
            "send-again": lambda order: {"deliveries": delivering.send_again(order["event"])},
        }

    def do(self, verb: str, order: Json) -> Any:
        """Raise `StripeRefusal`."""
        if verb not in self._verbs:
            raise invalid(f"Unknown verb: {verb[:50]}")
        try:
            return self._verbs[verb](order)
        except KeyError as missing:
            raise invalid(f"Missing: {missing}") from None

    def authenticate(self, intent: str, *, succeeds: bool) -> Json:
        """What the page of the bank does."""
        try:
            return self._intents.authenticate(self._owner(intent), intent, succeeds=succeeds)
        except StripeRefusal as refusal:
            if refusal.status != 402:  # noqa: PLR2004 - a decline, which is what became of it
                raise
            return self._intents.one(self._owner(intent), intent)

    def _open_account(self, order: Json) -> Json:
        account = self._book.open_account(secret_key=order["secretKey"], publishable_key=order["publishableKey"])
        if "url" in order:
            return self._routing.add_endpoint(account, url=order["url"], secret=order["webhookSecret"])
        return {"id": account}

    def _settle(self, order: Json) -> Json:
        """Have an account be settled in one currency, the others being exchanged at `rate`."""
        found = self._book.account_of(order["secretKey"])
        if found is None:
            raise invalid("No such account.")
        self._book.settle_in(found[0], currency=order["currency"], rate=Decimal(str(order["rate"])))
        return {"id": found[0]}

    def _confirm(self, order: Json) -> Json:
        """Pay an intent by card, as a browser with Stripe.js would. A decline is shown, not raised."""
        intent, card = order["intent"], card_numbered(str(order.get("card") or "4242424242424242"))
        account = self._owner(intent)
        try:
            return self._intents.confirm(account, intent, {"payment_method": card.method})
        except StripeRefusal as refusal:
            if refusal.status != 402:  # noqa: PLR2004 - as above
                raise
            return self._intents.one(account, intent)

    def _close_dispute(self, order: Json) -> Json:
        wanted = order["dispute"]
        return close_dispute(self._book, self._owner(wanted), wanted, won=bool(order.get("won")))

    def _dispute(self, order: Json) -> Json:
        """Have the charge of an intent disputed once more, by `amount` or all of it."""
        account = self._owner(order["intent"])
        charged = self._intents.one(account, order["intent"])["latest_charge"]
        return dispute(self._book, account, self._book.one(account, "charge", charged), amount=order.get("amount"))

    def _payments(self) -> list[Json]:
        accounts = [row["account"] for row in self._book.ask(_PAYMENTS)]
        found = [intent for account in accounts for intent in self._book.every(account, "payment_intent")]
        return sorted(found, key=lambda intent: int(intent["created"]), reverse=True)[:100]

    def _owner(self, wanted: str) -> str:
        rows = self._book.ask(_OWNER, wanted)
        if not rows:
            raise StripeRefusal(404, "invalid_request_error", f"No such object: '{wanted[:100]}'")
        return str(rows[0]["account"])
