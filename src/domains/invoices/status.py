"""How far an invoice has come."""

from enum import StrEnum


class InvoiceStatus(StrEnum):
    """How far an invoice has come: `overdue` from the end of its last day until nothing is due, which is `paid`.

    So it is from the end of its deposit's day until that is paid.
    """

    DRAFT = "draft"
    SENT = "sent"
    PARTIALLY_PAID = "partially_paid"
    OVERDUE = "overdue"
    PAID = "paid"
    CANCELLED = "cancelled"
