"""The page of a document for whoever has its link: the token is kept locked, and shown to staff."""

from typing import ClassVar

from domains.billing.document import Document
from domains.billing.numbering import DocumentKind
from domains.identity import MailedLink
from domains.shared.vault import Place, Vault


class DocumentLinks:
    """Locks the tokens of documents of one kind, and makes addresses of them."""

    kind: ClassVar[DocumentKind]

    def __init__(self, vault: Vault, link: MailedLink) -> None:
        self.vault = vault
        self.link = link

    def lock(self, document: Document, token: str) -> bytes:
        return self.vault.lock(token.encode(), self._place(document))

    def url(self, document: Document) -> str | None:
        """Where its customer sees it; None before it is sent."""
        if document.link is None:
            return None
        return self.link.to(self.kind.value, self.vault.open(document.link, self._place(document)).decode())

    def lock_anew(self, document: Document) -> bytes | None:
        """The same with the newest key."""
        if document.link is None:
            return None
        return self.vault.lock(self.vault.open(document.link, self._place(document)), self._place(document))

    def _place(self, document: Document) -> Place:
        return Place(document.id, f"{self.kind.value}s.link", str(document.id))
