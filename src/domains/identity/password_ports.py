"""What changing and resetting passwords needs from the world."""

from datetime import timedelta
from typing import Protocol
from uuid import UUID

import msgspec


class Home(msgspec.Struct, frozen=True):
    """An account, and the tenant that it used last."""

    account: UUID
    tenant: UUID


class ResetRequest(msgspec.Struct, frozen=True):
    """Whose password a token may reset."""

    email: str
    tenant: UUID | None


class Recipient(msgspec.Struct, frozen=True):
    """To whom a letter about an account goes, and in which language."""

    email: str
    display_name: str
    language: str | None
    tenant_name: str = ""


class Passwords(Protocol):
    """The passwords of accounts. A new one ends resets that were under way, and sessions."""

    async def home(self, email: str) -> Home | None: ...

    async def address(self, session: UUID) -> str | None:
        """The address of the account whose session this is."""
        ...

    async def is_fresh(self, session: UUID, *, within: timedelta) -> bool:
        """Whether somebody signed in with this session no longer ago. One that was switched to is never fresh."""
        ...

    async def change(self, session: UUID, *, old: str, new: str, ends_keys: bool) -> UUID | None:
        """Change the hash, and end all other sessions. The account; None where `old` is not the present one."""
        ...

    async def issue_reset(self, account: UUID, *, digest: bytes, lifetime: timedelta) -> str | None:
        """Store the only live token of an account, and give its address; None where there is no such account."""
        ...

    async def reset_of(self, digest: bytes) -> ResetRequest | None: ...

    async def reset(self, digest: bytes, *, new: str) -> UUID | None:
        """Use the token up and change the hash. The account; None where the token is not good.

        All sessions and API keys end, and so does a change of address that is under way.
        """
        ...


class Recipients(Protocol):
    """The users of the tenant, as letters address them."""

    async def of(self, account: UUID) -> Recipient | None: ...

    async def user(self, user: UUID) -> Recipient | None: ...
