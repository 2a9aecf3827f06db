"""Pages on the wire: opaque cursors, sort orders, and the shape of a list."""

import base64
import binascii
import hashlib
import hmac
import re
from typing import Annotated, Generic, TypeVar
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from domains.shared.actor import Actor
from domains.shared.errors import InvalidCursor
from domains.shared.paging import Page, PageRequest, Position

Item = TypeVar("Item")
_MAC_BYTES = 16
_CAPITAL = re.compile(r"(?<!^)([A-Z])")
_position = msgspec.json.Decoder(Position)


class ListOf(msgspec.Struct, Generic[Item], frozen=True, kw_only=True, rename="camel"):
    """One page. `nextCursor` is null on the last one; `total` is there only when `includeTotal=true` was asked."""

    items: Annotated[list[Item], Meta(max_length=100)]
    next_cursor: Annotated[str, Meta(max_length=2000)] | None
    total: Annotated[int, Meta(ge=0)] | UnsetType = UNSET


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """What a cursor is good for: one operation, sorted and filtered in one way, asked by one user of one tenant."""

    operation: str
    tenant: UUID
    user: UUID
    sort: str
    filters: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, operation: str, asker: Actor, *, sort: str, **filters: object) -> "Listing":
        """A filter that is `None` is none."""
        named = tuple((name, str(value)) for name, value in sorted(filters.items()) if value is not None)
        return cls(operation=operation, tenant=asker.tenant, user=asker.user, sort=sort, filters=named)


class Cursors:
    """Gives out positions in lists as opaque texts, and takes back only its own. `secret`: 16 to 64 bytes."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def encode(self, position: Position, listing: Listing) -> str:
        payload = msgspec.json.encode(position)
        return base64.urlsafe_b64encode(self._mac(payload, listing) + payload).rstrip(b"=").decode("ascii")

    def decode(self, text: str, listing: Listing) -> Position:
        """`InvalidCursor` for any text that `encode` did not give out for this very listing."""
        try:
            sealed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise _invalid() from None
        mac, payload = sealed[:_MAC_BYTES], sealed[_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(payload, listing)) or self._is_other_spelling(text, sealed):
            raise _invalid()
        return _position.decode(payload)

    def wanted(
        self, listing: Listing, *, limit: int, cursor: str | None = None, include_total: bool = False
    ) -> PageRequest:
        """The page that a request asks for."""
        sort, descending = order_of(listing.sort)
        after = self.decode(cursor, listing) if cursor is not None else None
        return PageRequest(limit=limit, sort=sort, descending=descending, after=after, include_total=include_total)

    def shown(self, listing: Listing, page: Page[Item]) -> ListOf[Item]:
        """The page as it is answered."""
        return ListOf(
            items=page.items,
            next_cursor=None if page.next is None else self.encode(page.next, listing),
            total=UNSET if page.total is None else page.total,
        )

    def _mac(self, payload: bytes, listing: Listing) -> bytes:
        scope = msgspec.json.encode(listing)
        message = len(scope).to_bytes(4) + scope + payload
        return hashlib.blake2b(message, key=self._secret, digest_size=_MAC_BYTES, person=b"frontdesk.cursor").digest()

    def _is_other_spelling(self, text: str, sealed: bytes) -> bool:
        return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode("ascii") != text


def order_of(sort: str) -> tuple[str, bool]:
    """`-createdAt` is `("created_at", True)`: descending. The parameter's own type is the list of what is allowed."""
    descending = sort.startswith("-")
    return _CAPITAL.sub(r"_\1", sort.removeprefix("-")).lower(), descending


def _invalid() -> InvalidCursor:
    return InvalidCursor("Use the nextCursor of the page before, with the same filters and sort.")
