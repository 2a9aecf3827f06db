"""Payment intents: from what is wanted to what was paid."""

import secrets

from infra.sandbox.stripe.amounts import charged_amount_of, currency_of
from infra.sandbox.stripe.book import Book, fresh
from infra.sandbox.stripe.cards import Card, Outcome, card_by_method, card_of
from infra.sandbox.stripe.charging import charge, dispute
from infra.sandbox.stripe.happenings import tell
from infra.sandbox.stripe.refusals import Json, StripeRefusal, declined, invalid

_OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")
_CHANGEABLE = ("amount", "currency", "description", "metadata", "receipt_email")


class Intents:
    """The payment intents of all accounts."""

    def __init__(self, book: Book, *, address: str) -> None:
        self._book = book
        self._address = address

    def create(self, account: str, asked: Json) -> Json:
        """A new intent, confirmed at once with `confirm=true`."""
        currency = currency_of(asked)
        amount = charged_amount_of(asked, currency)
        if amount is None:
            raise invalid("Missing required param: amount.", param="amount", code="parameter_missing")
        intent = fresh(
            "payment_intent",
            amount=amount,
            amount_capturable=0,
            amount_received=0,
            automatic_payment_methods=_automatic(asked),
            canceled_at=None,
            cancellation_reason=None,
            capture_method="automatic",
            confirmation_method="automatic",
            currency=currency,
            customer=asked.get("customer"),
            description=asked.get("description"),
            last_payment_error=None,
            latest_charge=None,
            metadata=_metadata(asked),
            next_action=None,
            payment_method=None,
            payment_method_types=["card"],
            receipt_email=asked.get("receipt_email"),
            status="requires_payment_method",
        )
        intent["client_secret"] = f"{intent['id']}_secret_{secrets.token_urlsafe(18)}"
        card = card_of(asked)
        if card:
            intent.update(payment_method=card.method, status="requires_confirmation")
        self._book.add(account, intent)
        tell(self._book, account, "payment_intent.created", intent)
        return self.confirm(account, intent["id"], asked) if asked.get("confirm") == "true" else intent

    def one(self, account: str, wanted: str) -> Json:
        return self._book.one(account, "payment_intent", wanted, param="intent")

    def update(self, account: str, wanted: str, asked: Json) -> Json:
        """Change what is not paid, not in work and not cancelled."""
        intent = self._open(account, wanted, "updated")
        if "amount" in asked:
            asked = {**asked, "amount": charged_amount_of(asked, intent["currency"])}
        if "metadata" in asked:
            asked = {**asked, "metadata": {**intent["metadata"], **_metadata(asked)}}
        intent.update({name: asked[name] for name in _CHANGEABLE if name in asked})
        return self._book.save(intent)

    def cancel(self, account: str, wanted: str, asked: Json) -> Json:
        intent = self._open(account, wanted, "canceled")
        intent.update(status="canceled", cancellation_reason=asked.get("cancellation_reason"), next_action=None)
        intent["canceled_at"] = intent["created"]
        self._book.save(intent)
        tell(self._book, account, "payment_intent.canceled", intent)
        return intent

    def confirm(self, account: str, wanted: str, asked: Json) -> Json:
        """Charge it, with the payment method given or had. A decline is a `StripeRefusal` whose changes stay."""
        intent = self._open(account, wanted, "confirmed")
        card = card_of(asked) or (card_by_method(intent["payment_method"]) if intent["payment_method"] else None)
        if card is None:
            message = "You cannot confirm this PaymentIntent because it's missing a payment method."
            raise invalid(message, code="payment_intent_unexpected_state")
        intent.update(payment_method=card.method, last_payment_error=None)
        if card.outcome is Outcome.AUTHENTICATES:
            return self._await_authentication(account, intent)
        return self._charge(account, intent, card)

    def authenticate(self, account: str, wanted: str, *, succeeds: bool) -> Json:
        """What the person did on the page of their bank."""
        intent = self.one(account, wanted)
        if intent["status"] != "requires_action":
            raise _unexpected("authenticated", intent)
        intent["next_action"] = None
        card = card_by_method(intent["payment_method"])
        if succeeds:
            return self._charge(account, intent, card)
        message = "We are unable to authenticate your payment method."
        code = "payment_intent_authentication_failure"
        intent["last_payment_error"] = {"type": "card_error", "code": code, "message": message}
        return self._fail(account, intent)

    def _charge(self, account: str, intent: Json, card: Card) -> Json:
        made = charge(self._book, account, intent, card)
        intent["latest_charge"] = made["id"]
        if made["status"] == "failed":
            intent["last_payment_error"] = {
                "type": "card_error", "code": card.code, "decline_code": card.decline_code or None,
                "message": card.message, "charge": made["id"],
            }  # fmt: skip
            raise declined(card.code, card.decline_code, self._fail(account, intent), made["id"])
        intent.update(status="succeeded", amount_received=intent["amount"])
        self._book.save(intent)
        tell(self._book, account, "payment_intent.succeeded", intent)
        if card.outcome is Outcome.DISPUTED:
            dispute(self._book, account, made)
        return intent

    def _fail(self, account: str, intent: Json) -> Json:
        intent.update(status="requires_payment_method", payment_method=None)
        self._book.save(intent)
        tell(self._book, account, "payment_intent.payment_failed", intent)
        return intent

    def _await_authentication(self, account: str, intent: Json) -> Json:
        url = f"{self._address}/_pages/authenticate/{intent['id']}"
        redirect = {"url": url, "return_url": None}
        intent.update(status="requires_action", next_action={"type": "redirect_to_url", "redirect_to_url": redirect})
        self._book.save(intent)
        tell(self._book, account, "payment_intent.requires_action", intent)
        return intent

    def _open(self, account: str, wanted: str, verb: str) -> Json:
        intent = self.one(account, wanted)
        if intent["status"] not in _OPEN:
            raise _unexpected(verb, intent)
        return intent


def _unexpected(verb: str, intent: Json) -> StripeRefusal:
    message = f"This PaymentIntent could not be {verb} because it has a status of {intent['status']}."
    code = "payment_intent_unexpected_state"
    return StripeRefusal(400, "invalid_request_error", message, code=code, payment_intent=intent)


def _metadata(asked: Json) -> Json:
    given = asked.get("metadata") or {}
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise invalid("Invalid metadata.", param="metadata")
    return given


def _automatic(asked: Json) -> Json | None:
    given = asked.get("automatic_payment_methods")
    return {"enabled": given.get("enabled") == "true"} if isinstance(given, dict) else None
