"""Founding a tenant on its operator's word: the same use cases as anybody's registration, its letter kept back."""

import secrets
from functools import partial

import msgspec
from dishka import AsyncContainer

from domains.identity import Register, Registering
from domains.shared.contact import EmailAddress
from domains.shared.errors import DomainError
from frontdesk.operators import at_work, operators_desk
from frontdesk.refusal import Refusal
from frontdesk.self_confirming import confirmed
from frontdesk.settings import Settings


class Founded(msgspec.Struct, frozen=True):
    """The new tenant's slug, and the owner's first login."""

    slug: str
    email: str
    password: str


async def founded(settings: Settings, *, name: str, email: str, owner: str) -> Founded:
    """Make it. Raise `Refusal` for a name or address that is none, and for an address that has an account."""
    async with operators_desk(settings) as desk:
        try:
            return await founded_at(desk, name=name, email=email, owner=owner)
        except DomainError as refusal:
            told = " ".join(f"{error.field}: {error.message}" for error in refusal.errors)
            raise Refusal(told or refusal.detail) from None


async def founded_at(desk: AsyncContainer, *, name: str, email: str, owner: str) -> Founded:
    """The same at a desk that is there already. Raises `DomainError`."""
    password = f"Aa1-{secrets.token_urlsafe(18)}"
    address = EmailAddress.parse(email, "email").value
    order = Register(tenant_name=name, email=address, password=password, display_name=owner, agree_to_terms=True)
    async with at_work(desk) as scope:
        await (await scope.get(Registering)).start(order)
    admission = await confirmed(partial(at_work, desk), address)
    return Founded(admission.slug, address, password)
