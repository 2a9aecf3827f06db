"""Stripe's test cards, and what becomes of a charge to each."""

from enum import StrEnum

import msgspec

from infra.sandbox.stripe.refusals import Json, invalid, missing


class Outcome(StrEnum):
    SUCCEEDS = "succeeds"
    DECLINED = "declined"
    AUTHENTICATES = "authenticates"
    DISPUTED = "disputed"


class Card(msgspec.Struct, frozen=True):
    """`code` and `decline_code` are those of a decline."""

    number: str
    method: str
    outcome: Outcome = Outcome.SUCCEEDS
    code: str = ""
    decline_code: str = ""
    message: str = ""


_DECLINED = "Your card was declined."
CARDS = (
    Card("4242424242424242", "pm_card_visa"),
    Card("5555555555554444", "pm_card_mastercard"),
    Card("378282246310005", "pm_card_amex"),
    Card("4000000000000002", "pm_card_chargeDeclined", Outcome.DECLINED, "card_declined", "generic_decline", _DECLINED),
    Card("4000000000009995", "pm_card_chargeDeclinedInsufficientFunds", Outcome.DECLINED, "card_declined",
         "insufficient_funds", "Your card has insufficient funds."),
    Card("4000000000009987", "pm_card_chargeDeclinedLostCard", Outcome.DECLINED, "card_declined", "lost_card",
         _DECLINED),
    Card("4000000000000069", "pm_card_chargeDeclinedExpiredCard", Outcome.DECLINED, "expired_card", "",
         "Your card has expired."),
    Card("4000000000000127", "pm_card_chargeDeclinedIncorrectCvc", Outcome.DECLINED, "incorrect_cvc", "",
         "Your card's security code is incorrect."),
    Card("4000000000000119", "pm_card_chargeDeclinedProcessingError", Outcome.DECLINED, "processing_error", "",
         "An error occurred while processing your card. Try again in a little bit."),
    Card("4000002500003155", "pm_card_authenticationRequired", Outcome.AUTHENTICATES),
    Card("4000000000003220", "pm_card_threeDSecure2Required", Outcome.AUTHENTICATES),
    Card("4000000000000259", "pm_card_createDispute", Outcome.DISPUTED),
)  # fmt: skip
_BY_NUMBER = {card.number: card for card in CARDS}
_BY_METHOD = {card.method: card for card in CARDS}


def card_of(asked: Json) -> Card | None:
    """The card that `payment_method` or `payment_method_data` names; None where there is neither."""
    if method := asked.get("payment_method"):
        if method not in _BY_METHOD:
            raise missing("PaymentMethod", str(method), param="payment_method")
        return _BY_METHOD[method]
    data = asked.get("payment_method_data")
    return card_numbered(str(data.get("card", {}).get("number", ""))) if isinstance(data, dict) else None


def card_numbered(number: str) -> Card:
    bare = number.replace(" ", "")
    if bare not in _BY_NUMBER:
        raise invalid(
            "Your card number is incorrect.", param="payment_method_data[card][number]", code="incorrect_number"
        )
    return _BY_NUMBER[bare]


def card_by_method(method: str) -> Card:
    return _BY_METHOD[method]
