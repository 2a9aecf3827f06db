"""Refusals in the shapes of Stripe's API."""

from typing import Any

Json = dict[str, Any]


class StripeRefusal(Exception):
    """Answered as `{"error": {...}}`. `is_kept`: repeated for the same idempotency key, as all is that was begun."""

    def __init__(self, status: int, kind: str, message: str, *, is_kept: bool = True, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.is_kept = is_kept
        self.error: Json = {"type": kind, "message": message, **{name: value for name, value in more.items() if value}}


def invalid(message: str, *, param: str | None = None, code: str | None = None) -> StripeRefusal:
    return StripeRefusal(400, "invalid_request_error", message, param=param, code=code)


def missing(kind: str, wanted: str, *, param: str = "id") -> StripeRefusal:
    message = f"No such {kind}: '{wanted}'"
    return StripeRefusal(404, "invalid_request_error", message, param=param, code="resource_missing")


def no_key() -> StripeRefusal:
    message = "Invalid API Key provided."
    return StripeRefusal(401, "invalid_request_error", message, is_kept=False)


def too_many() -> StripeRefusal:
    message = "Request rate limit exceeded."
    return StripeRefusal(429, "invalid_request_error", message, is_kept=False, code="rate_limit")


def broken() -> StripeRefusal:
    return StripeRefusal(500, "api_error", "An unknown error occurred.", is_kept=False)


def declined(code: str, decline_code: str | None, intent: Json, charge: str) -> StripeRefusal:
    """402, with the intent as it is after the decline."""
    error = intent["last_payment_error"]
    return StripeRefusal(
        402, "card_error", error["message"], code=code, decline_code=decline_code, charge=charge, payment_intent=intent,
        payment_method=error.get("payment_method"),
    )  # fmt: skip
