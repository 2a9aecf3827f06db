"""The pages of quotes."""

from domains.billing import DocumentKind, DocumentLinks


class QuoteLinks(DocumentLinks):
    """The links of quotes."""

    kind = DocumentKind.QUOTE
