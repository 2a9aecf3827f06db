"""What a tenant has subscribed to; its operator sets it."""

from enum import StrEnum


class Plan(StrEnum):
    """Decides limits, storage and how long things are kept."""

    FREE = "free"
    STANDARD = "standard"
    UNLIMITED = "unlimited"
