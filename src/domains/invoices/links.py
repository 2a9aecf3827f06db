"""The pages of invoices."""

from domains.billing import DocumentKind, DocumentLinks


class InvoiceLinks(DocumentLinks):
    """The links of invoices."""

    kind = DocumentKind.INVOICE
