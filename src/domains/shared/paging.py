"""Pages of a list, found by key rather than by number."""

from typing import Generic, TypeVar

import msgspec

Item = TypeVar("Item")
Position = tuple[str, ...]


class PageRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Which page is wanted. `after` is the position of the last row seen; `sort` is one of the list's fields."""

    limit: int = 20
    sort: str
    descending: bool
    after: Position | None = None
    include_total: bool = False


class Page(msgspec.Struct, Generic[Item], frozen=True, kw_only=True):
    """A page, and the position to go on from when there is more."""

    items: list[Item]
    next: Position | None = None
    total: int | None = None
