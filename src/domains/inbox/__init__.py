"""The inbox: what providers tell us by webhook, kept as it came, and applied once."""

from domains.inbox.applying import APPLY_DELIVERY, FORGET_DELIVERY, Applying, Arrivals, Replaying
from domains.inbox.model import Delivery, DeliveryState, Incoming, NotYet, Route
from domains.inbox.ports import Applier, Appliers, InboundProvider, InboundProviders, Inbox, Routes
from domains.inbox.receiving import Receiving

__all__ = [
    "APPLY_DELIVERY",
    "FORGET_DELIVERY",
    "Applier",
    "Appliers",
    "Applying",
    "Arrivals",
    "Delivery",
    "DeliveryState",
    "InboundProvider",
    "InboundProviders",
    "Inbox",
    "Incoming",
    "NotYet",
    "Receiving",
    "Replaying",
    "Route",
    "Routes",
]
