"""What a tenant has subscribed to; its operator sets it."""

from enum import StrEnum
from types import MappingProxyType


class Plan(StrEnum):
    """Decides limits, storage and how long things are kept."""

    FREE = "free"
    STANDARD = "standard"
    UNLIMITED = "unlimited"


CALLS_OF: MappingProxyType[Plan, int] = MappingProxyType({Plan.FREE: 1, Plan.STANDARD: 5, Plan.UNLIMITED: 50})
"""How many times the usual number of requests a user may make; nobody may make any number."""
