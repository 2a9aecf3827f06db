"""What a tenant has subscribed to; its operator sets it, and may set limits of its own beside it."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Self

import msgspec

from domains.shared.limits import LimitName, Rate, RateLimits


class Plan(StrEnum):
    """Decides limits, storage and how long things are kept."""

    FREE = "free"
    STANDARD = "standard"
    UNLIMITED = "unlimited"


class Quota(StrEnum):
    """What there may be only so much of. Archived customers and erased users do not count; files do while kept."""

    API_KEYS = "api_keys"
    CUSTOMERS = "customers"
    STORAGE_BYTES = "storage_bytes"
    USERS = "users"


CALLS_OF: MappingProxyType[Plan, int] = MappingProxyType({Plan.FREE: 1, Plan.STANDARD: 5, Plan.UNLIMITED: 50})
"""How many times the usual number of requests a user may make; nobody may make any number."""

_GIB = 1 << 30
QUOTAS_OF: Mapping[Plan, Mapping[Quota, int]] = MappingProxyType(
    {
        Plan.FREE: MappingProxyType(
            {Quota.API_KEYS: 50, Quota.CUSTOMERS: 250_000, Quota.STORAGE_BYTES: 10 * _GIB, Quota.USERS: 1_000}
        ),
        Plan.STANDARD: MappingProxyType(
            {Quota.API_KEYS: 500, Quota.CUSTOMERS: 2_500_000, Quota.STORAGE_BYTES: 100 * _GIB, Quota.USERS: 50_000}
        ),
        Plan.UNLIMITED: MappingProxyType({}),
    }
)
"""How much there may be. What is not named is not limited."""

OWN_RATES: tuple[LimitName, ...] = (
    LimitName.CALLER,
    LimitName.MESSAGE,
    LimitName.CHANNEL_MESSAGE,
    LimitName.UPLOAD,
    LimitName.ASSISTANT,
    LimitName.TYPING,
    LimitName.SOCKET,
    LimitName.INTEGRATION_TEST,
)
"""The rates that a tenant may have of its own: what its users do. What guards accounts is the same for all."""


class TenantLimits(msgspec.Struct, frozen=True):
    """What an operator has set for one tenant, in the place of what its plan gives. A quota of None is no limit."""

    quotas: dict[Quota, int | None] = {}
    rates: dict[LimitName, tuple[Rate, ...]] = {}

    @classmethod
    def read(cls, stored: Mapping[str, Mapping[str, Any]]) -> Self:
        """What was stored, less what has no meaning any more."""
        known = {
            "quotas": {name: most for name, most in stored.get("quotas", {}).items() if name in set(Quota)},
            "rates": {name: rates for name, rates in stored.get("rates", {}).items() if name in set(OWN_RATES)},
        }
        return msgspec.convert(known, cls)

    def with_quota(self, quota: Quota, most: int | None) -> Self:
        return msgspec.structs.replace(self, quotas={**self.quotas, quota: most})

    def with_rates(self, name: LimitName, rates: tuple[Rate, ...]) -> Self:
        return msgspec.structs.replace(self, rates={**self.rates, name: rates})

    def without(self, name: Quota | LimitName) -> Self:
        """As the plan says."""
        return msgspec.structs.replace(
            self,
            quotas={quota: most for quota, most in self.quotas.items() if quota is not name},
            rates={limit: rates for limit, rates in self.rates.items() if limit is not name},
        )

    def quota(self, quota: Quota, plan: Plan) -> int | None:
        """How much there may be; None for any amount."""
        return self.quotas[quota] if quota in self.quotas else QUOTAS_OF[plan].get(quota)

    def rates_of(self, name: LimitName, plan: Plan, installed: RateLimits) -> tuple[Rate, ...]:
        """How often, on this installation. A plan widens what is for every request, and nothing that costs money."""
        usual = installed.rates.get(name, ())
        if not usual or name not in self.rates:
            times = CALLS_OF[plan] if name is LimitName.CALLER else 1
            return tuple(Rate(rate.most * times, rate.seconds) for rate in usual)
        return self.rates[name]


NO_LIMITS_OF_ITS_OWN = TenantLimits()
