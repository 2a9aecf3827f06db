"""How much of something a tenant may have: refused by the use case that would make it too much."""

from typing import Protocol

from domains.shared.errors import DomainError
from domains.shared.plans import Quota


class QuotaExceeded(DomainError):
    """The tenant has as much as its plan gives: `most`."""

    code = "quota_exceeded"
    title = "The plan gives no more"

    def __init__(self, quota: Quota, most: int) -> None:
        super().__init__(f"There may be at most {most} of {quota.value}. Make room, or ask for a larger plan.")
        self.quota = quota
        self.most = most


class Quotas(Protocol):
    """The quotas of the tenant to which the work is bound."""

    async def must_hold(self, quota: Quota, *, added: int = 1) -> None:
        """Raise `QuotaExceeded` where there is too much, what this work has added counted.

        Asked last in the work, for others may wait for its end from then on. However many ask at once, what remains
        is never more than the quota.
        """
        ...

    async def must_have_room(self, quota: Quota) -> None:
        """Raise `QuotaExceeded` where not one more would fit. Asked last too; it keeps no place for anybody."""
        ...
