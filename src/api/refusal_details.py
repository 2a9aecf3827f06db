"""What some refusals tell beside their words."""

from typing import Any

from litestar.types import Scope
from msgspec import UNSET

from domains.appointments import SlotTaken
from domains.identity import TwoFactorRequired
from domains.quotes import OfferOver
from domains.shared.clock import timestamp
from domains.shared.errors import DomainError
from domains.shared.quotas import QuotaExceeded


def details_of(scope: Scope, error: DomainError) -> dict[str, Any]:
    """What this kind of refusal tells beside its words. Strangers are not told which visit has a time."""
    match error:
        case TwoFactorRequired():
            return {"methods": list(error.methods)}
        case QuotaExceeded():
            return {"quota": error.quota.value, "limit": error.most}
        case SlotTaken() if not scope["route_handler"].opt.get("public"):
            instead = [timestamp(each) for each in error.instead()]
            return {"conflicts_with": error.conflicts_with or UNSET, "alternatives": instead}
        case OfferOver():
            return {"newer_url": error.newer_url or UNSET}
        case _:
            return {}
