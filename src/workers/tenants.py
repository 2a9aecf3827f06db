"""What follows in tenants."""

from types import MappingProxyType

from domains.tenants import MAIL_CLOSED, MAIL_REOPENED, PURGE, ClosingLetters, Purging
from workers.follow_ups import FollowUp, FollowUps, after_the_commit

TENANT_FOLLOW_UPS: FollowUps = MappingProxyType(
    {
        MAIL_CLOSED: after_the_commit(ClosingLetters, ClosingLetters.closed, settles=False),
        MAIL_REOPENED: after_the_commit(ClosingLetters, ClosingLetters.reopened, settles=False),
        PURGE: FollowUp(capability=Purging, verb=Purging.purge, of_event=False, settles=False),
    }
)
"""Purging takes many transactions, and its envelope is the last row to go."""
