"""What tenants need from the world."""

from typing import Protocol

from domains.tenants.model import Tenant
from domains.tenants.views import TenantProfile


class Tenants(Protocol):
    """The record of the tenant to which the work is bound, to be changed."""

    async def for_change(self) -> Tenant:
        """The tenant, locked until the work ends."""
        ...

    async def save(self, tenant: Tenant) -> None:
        """Store it, in the directory too. Raises `AlreadyExists` where the slug is another's, or was not long ago."""
        ...

    async def logo(self) -> bytes | None:
        """The content of its logo, not locked."""
        ...

    async def save_logo(self, png: bytes | None) -> None: ...


class TenantQueries(Protocol):
    """The actor's tenant, to be read. Needs `tenant:read`."""

    async def profile(self) -> TenantProfile: ...
