"""Where secrets are kept that must be read again: others' keys and passwords, encrypted at rest."""

from typing import Protocol
from uuid import UUID

import msgspec


class Place(msgspec.Struct, frozen=True):
    """Where a locked secret belongs: whose it is (a tenant, an account), in which column, of which row.

    What was locked in one place opens in no other.
    """

    owner: UUID
    column: str
    row: str


class Unreadable(Exception):
    """What was locked does not open here: another key, another place, or changed bytes."""


class Vault(Protocol):
    """Locks with the newest key; opens with each that is known."""

    @property
    def key(self) -> str:
        """The id of the newest key."""
        ...

    def is_newest(self, locked: bytes) -> bool:
        """Whether it is locked with the newest key, as far as it says."""
        ...

    def lock(self, secret: bytes, place: Place) -> bytes: ...

    def open(self, locked: bytes, place: Place) -> bytes:
        """Raises `Unreadable`."""
        ...
