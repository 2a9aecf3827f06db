"""The page of a quote for whoever has its link: the token is kept locked, and shown to staff."""

from domains.identity import MailedLink
from domains.quotes.model import Quote
from domains.shared.vault import Place, Vault

PUBLIC_QUOTE = "quote"
_COLUMN = "quotes.link"


class QuoteLinks:
    """Locks the tokens of quotes, and makes addresses of them."""

    def __init__(self, vault: Vault, link: MailedLink) -> None:
        self.vault = vault
        self.link = link

    def lock(self, quote: Quote, token: str) -> bytes:
        return self.vault.lock(token.encode(), _place(quote))

    def url(self, quote: Quote) -> str | None:
        """Where its customer sees it; None before it is sent."""
        if quote.link is None:
            return None
        return self.link.to("quote", self.vault.open(quote.link, _place(quote)).decode())

    def lock_anew(self, quote: Quote) -> bytes | None:
        """The same with the newest key."""
        return self.vault.lock(self.vault.open(quote.link, _place(quote)), _place(quote)) if quote.link else None


def _place(quote: Quote) -> Place:
    return Place(quote.id, _COLUMN, str(quote.id))
