"""Stripe's objects and events as the domain knows them."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from domains.billing import LARGEST
from domains.payments import (
    DisputeStatus,
    DisputeTold,
    FeeTold,
    IntentState,
    IntentTold,
    PayoutTold,
    ProviderAccount,
    ProviderEvent,
    RefundStatus,
    RefundTold,
    Told,
)
from domains.shared.errors import ValidationFailed
from infra.stripe.amounts import from_stripe
from infra.webhooks.signature import must_be_signed

Json = Mapping[str, Any]

TENANT, PAYMENT, REFUND = "tenantId", "paymentId", "refundId"
"""What we write into the metadata of what we make there."""

KINDS = (
    "payment_intent.succeeded",
    "payment_intent.processing",
    "payment_intent.payment_failed",
    "payment_intent.canceled",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "charge.dispute.closed",
)
"""The events that we ask about."""

_REFUNDS = {
    "succeeded": RefundStatus.SUCCEEDED,
    "failed": RefundStatus.FAILED,
    "canceled": RefundStatus.FAILED,
}
_DISPUTES = {"won": DisputeStatus.WON, "lost": DisputeStatus.LOST}
_ID = re.compile(r"[!-~]{1,255}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_PAYOUTS = frozenset({"payout", "payout_cancel", "payout_failure"})
_REINSTATED = "charge.dispute.funds_reinstated"
_WARNINGS = "warning_"


def intent_told(intent: Json, *, at: datetime | None = None) -> IntentTold:
    """An intent. `at`: when it was so, the time of its making where that is not known."""
    error = intent.get("last_payment_error") or {}
    state = _state(intent["status"], has_failed=bool(error))
    received = state is IntentState.SUCCEEDED
    return IntentTold(
        intent_id=_id(intent["id"]),
        payment=_named(intent, PAYMENT),
        state=state,
        amount=_amount(intent, "amount_received" if received else "amount"),
        currency=_currency(intent),
        charge_id=_id(intent["latest_charge"]) if isinstance(intent.get("latest_charge"), str) else None,
        failure_code=_code(error.get("decline_code")) or _code(error.get("code")),
        at=at or moment(intent["created"]),
    )


def refund_told(refund: Json) -> RefundTold:
    return RefundTold(
        refund_id=_id(refund["id"]),
        refund=_named(refund, REFUND),
        intent_id=_id(refund["payment_intent"]),
        amount=_amount(refund, "amount", least=1),
        status=_REFUNDS.get(refund["status"], RefundStatus.PENDING),
        failure_code=_code(refund.get("failure_reason")),
    )


def dispute_told(dispute: Json, *, at: datetime, is_back: bool = False) -> DisputeTold:
    """A dispute as it was `at`. `is_back`: its money is, which is what winning comes to, whatever its status says."""
    status = _DISPUTES.get(dispute["status"], DisputeStatus.OPEN)
    return DisputeTold(
        dispute_id=_id(dispute["id"]),
        intent_id=_id(dispute["payment_intent"]),
        amount=_amount(dispute, "amount", least=1),
        status=DisputeStatus.WON if is_back else status,
        at=at,
    )


def line_told(line: Json) -> FeeTold | PayoutTold | None:
    """What a line of the balance says was paid out, kept or exchanged; None for nothing, or about no movement."""
    line_id, currency, fee = _id(line["id"]), _currency(line), _amount(line, "fee", least=-LARGEST)
    amount, at = _amount(line, "amount", least=-LARGEST), moment(line["created"])
    if line["type"] in _PAYOUTS:
        return PayoutTold(line_id=line_id, amount=-amount, currency=currency, at=at, fee=fee)
    exchanged = amount if line.get("exchange_rate") else 0
    if not (fee or exchanged) or not isinstance(line["source"], str):
        return None
    return FeeTold(line_id=line_id, about=line["source"], amount=fee, currency=currency, at=at, exchanged=exchanged)


def balances_told(balance: Json) -> Mapping[str, int]:
    """By currency, what may be paid out and what is pending."""
    sums: dict[str, int] = {}
    for part in (*balance["available"], *balance["pending"]):
        sums[_currency(part)] = sums.get(_currency(part), 0) + _amount(part, "amount", least=-LARGEST)
    return sums


class StripeEvents:
    """The `EventReader`. `read_json` refuses what is no JSON object, or too deep."""

    def __init__(self, read_json: Callable[[bytes], Json]) -> None:
        self._read_json = read_json

    def must_be_signed(self, body: bytes, header: str | None, account: ProviderAccount) -> None:
        must_be_signed(body, header, secrets=account.signing_secrets, now=datetime.now(UTC))

    def read(self, body: bytes) -> ProviderEvent:
        event = self._read_json(body)
        try:
            about = event["data"]["object"]
            told = _told(str(event["type"]), about, moment(event["created"]))
            intent = about["id"] if about.get("object") == "payment_intent" else about.get("payment_intent")
            return ProviderEvent(
                id=str(event["id"]),
                is_live=event.get("livemode") is True,
                tenant=_named(about, TENANT),
                intent_id=None if intent is None else _id(intent),
                told=told,
            )
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
            raise ValidationFailed.of("$", "invalid_format", "Expected an event of Stripe's.") from error


def moment(seconds: object) -> datetime:
    return datetime.fromtimestamp(int(str(seconds)), UTC)


def named_tenant(about: Json) -> UUID | None:
    """The tenant that we named when we made it."""
    return _named(about, TENANT)


def _told(kind: str, about: Json, at: datetime) -> Told | None:
    if kind not in KINDS or about.get("payment_intent", "") is None:
        return None
    if kind.startswith("payment_intent."):
        return intent_told(about, at=at)
    if kind.startswith("refund."):
        return refund_told(about)
    if str(about["status"]).startswith(_WARNINGS):
        return None
    return dispute_told(about, at=at, is_back=kind == _REINSTATED)


def _state(status: str, *, has_failed: bool) -> IntentState:
    if status == "succeeded":
        return IntentState.SUCCEEDED
    if status == "canceled":
        return IntentState.CANCELLED
    if status == "processing":
        return IntentState.PROCESSING
    return IntentState.FAILED if has_failed and status == "requires_payment_method" else IntentState.WAITING


def _amount(about: Json, name: str, *, least: int = 0) -> int:
    """Raise `ValueError` for what is no whole number, and for one that no client can hold."""
    given = about[name]
    if not isinstance(given, int) or not least <= given <= LARGEST:
        raise ValueError(name)
    return from_stripe(given, _currency(about))


def _currency(about: Json) -> str:
    """Raise `ValueError` for what looks like none."""
    code = str(about["currency"]).upper()
    if not _CURRENCY.fullmatch(code):
        raise ValueError("currency")
    return code


def _id(given: object) -> str:
    """An id of Stripe's. Raise `ValueError` for anything else."""
    if not isinstance(given, str) or not _ID.fullmatch(given):
        raise ValueError("id")
    return given


def _code(given: object) -> str | None:
    """Why something failed, in the provider's word; None for what is no word."""
    return given if isinstance(given, str) and _ID.fullmatch(given) else None


def _named(about: Json, name: str) -> UUID | None:
    """An id in the metadata; None where there is none of ours."""
    text = str((about.get("metadata") or {}).get(name, ""))
    try:
        return UUID(text)
    except ValueError:
        return None
