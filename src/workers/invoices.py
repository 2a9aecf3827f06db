"""What comes at its time for invoices."""

from types import MappingProxyType

from domains.invoices import (
    FALL_DUE,
    MAIL_INVOICE,
    MAKE_INVOICE,
    REMIND_OF_INVOICE,
    Dunning,
    FallingDue,
    InvoiceLetters,
    Recurring,
)
from workers.follow_ups import FollowUp, FollowUps, at_its_time

INVOICES_FOLLOW_UPS: FollowUps = MappingProxyType(
    {
        FALL_DUE: at_its_time(FallingDue, FallingDue.fall_due),
        MAIL_INVOICE: FollowUp(capability=InvoiceLetters, verb=InvoiceLetters.send, of_event=False, settles=False),
        MAKE_INVOICE: at_its_time(Recurring, Recurring.make),
        REMIND_OF_INVOICE: at_its_time(Dunning, Dunning.remind),
    }
)
