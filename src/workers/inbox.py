"""What follows for webhooks that came in."""

from types import MappingProxyType

from domains.inbox import APPLY_DELIVERY, FORGET_DELIVERY, Applying
from workers.follow_ups import FollowUps, at_its_time

INBOX_FOLLOW_UPS: FollowUps = MappingProxyType(
    {
        APPLY_DELIVERY: at_its_time(Applying, Applying.apply),
        FORGET_DELIVERY: at_its_time(Applying, Applying.forget),
    }
)
