"""Quotas in memory."""

from domains.shared.plans import Quota
from domains.shared.quotas import QuotaExceeded


class MemoryQuotas:
    """The `Quotas` of a tenant that has as much as `used` says, and may have as much as `most` says."""

    def __init__(self, most: dict[Quota, int] | None = None) -> None:
        self._most = most or {}
        self.used: dict[Quota, int] = {}

    async def must_hold(self, quota: Quota, *, added: int = 1) -> None:
        self.used[quota] = self.used.get(quota, 0) + added
        if quota in self._most and self.used[quota] > self._most[quota]:
            raise QuotaExceeded(quota, self._most[quota])

    async def must_have_room(self, quota: Quota) -> None:
        if quota in self._most and self.used.get(quota, 0) >= self._most[quota]:
            raise QuotaExceeded(quota, self._most[quota])
