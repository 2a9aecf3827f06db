"""What comes at its time for payments."""

from types import MappingProxyType

from domains.payments import (
    MAIL_RECEIPT,
    RECONCILE,
    SETTLE_INTENT,
    SETTLE_REFUND,
    WITHDRAW_AFTER,
    WITHDRAW_INTENT,
    Receipts,
    Reconciling,
    Resettling,
)
from workers.follow_ups import FollowUp, FollowUps, after_the_commit

PAYMENTS_FOLLOW_UPS: FollowUps = MappingProxyType(
    {
        MAIL_RECEIPT: FollowUp(capability=Receipts, verb=Receipts.send, of_event=False, settles=False),
        RECONCILE: FollowUp(capability=Reconciling, verb=Reconciling.nightly, of_event=False, settles=False),
        SETTLE_INTENT: FollowUp(capability=Resettling, verb=Resettling.intent, of_event=False, settles=False),
        SETTLE_REFUND: FollowUp(capability=Resettling, verb=Resettling.refund, of_event=False, settles=False),
        WITHDRAW_AFTER: after_the_commit(Resettling, Resettling.withdraw, settles=False),
        WITHDRAW_INTENT: FollowUp(capability=Resettling, verb=Resettling.withdraw, of_event=False, settles=False),
    }
)
