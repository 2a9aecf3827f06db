"""What invoices refuse, beyond what every domain does."""

from domains.shared.errors import DomainError, Expired


class Overpayment(DomainError):
    """More than is due."""

    code = "overpayment"
    title = "It is more than is due"


class InvoiceGone(Expired):
    """Its customer was erased."""
