"""What the matrices cannot read in the OpenAPI document, told by each domain of its own operations."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from domains.shared.permissions import Permission
from tests.support.house import House
from tests.support.people import Person, Tenant

Json = dict[str, Any]


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the operations of one domain."""

    permission_of: dict[str, Permission | None]
    """What each operation needs; `None` is public. One that is missing here fails the build."""

    asks_more: dict[str, str] = {}
    """What needs more than a permission and its example, and with which code the example alone is answered."""

    makers: dict[str, Callable[[House, Tenant], Awaitable[str]]] = {}
    """How a tenant comes by one of what an id names."""

    personal_makers: dict[str, Callable[[House, Person], Awaitable[str]]] = {}
    """How a person comes by one of what belongs to nobody else."""

    shown_in: dict[str, set[str]] = {}
    """The lists that show what an id names."""


async def made(house: House, tenant: Tenant, path: str, body: Json) -> str:
    """The id of what the tenant's owner posted."""
    async with house.client(tenant.owner.token) as client:
        return str((await client.post(path, json=body)).json()["id"])
