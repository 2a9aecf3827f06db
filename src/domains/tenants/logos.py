"""The logo of a business, as its papers show it."""

import hashlib
from collections.abc import AsyncIterator, Collection
from typing import Protocol

import msgspec

from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.errors import NotFound, ValidationFailed
from domains.shared.permissions import Permission
from domains.shared.versions import must_be_current
from domains.shared.work import UnitOfWork
from domains.tenants.events import TenantChanged
from domains.tenants.model import Tenant
from domains.tenants.papers import Logo
from domains.tenants.ports import Tenants

MOST_BYTES = 2_000_000
"""How large a file may be that is sent."""


class Picture(msgspec.Struct, frozen=True):
    """A picture drawn anew, as PNG, with its size in pixels."""

    png: bytes
    width: int
    height: int


class Pictures(Protocol):
    """Draws pictures anew: nothing of the file but its pixels is kept."""

    async def logo(self, content: bytes) -> Picture:
        """The picture, at most 1200 by 600. Raises `ValidationFailed` for what is no PNG or JPEG, or is too large."""
        ...


class LogoKeeping:
    """Keeps the logo of a business."""

    def __init__(self, actor: Actor, tenants: Tenants, pictures: Pictures, clock: Clock, work: UnitOfWork) -> None:
        self.actor = actor
        self.tenants = tenants
        self.pictures = pictures
        self.clock = clock
        self.work = work

    async def put(self, blocks: AsyncIterator[bytes], *, expected: Collection[int] | None) -> Tenant:
        """Set the logo that is on quotes, invoices and other papers, in place of the one before.

        - A PNG or a JPEG of at most 2 MB and 25 million pixels, else `validation_error`; names do not count.
        - It is drawn anew, at most 1200 by 600 pixels, without anything that the file says besides.
        - A version named by `If-Match` that is not the present one is `version_conflict`.
        """
        self.actor.must(Permission.TENANT_WRITE)
        picture = await self.pictures.logo(await _whole(blocks))
        logo = Logo(width=picture.width, height=picture.height, sha256=hashlib.sha256(picture.png).hexdigest())
        return await self._show(logo, picture.png, expected)

    async def remove(self, *, expected: Collection[int] | None) -> None:
        """Take the logo away. Where there is none, nothing changes."""
        self.actor.must(Permission.TENANT_WRITE)
        await self._show(None, None, expected)

    async def content(self) -> bytes:
        """Show the logo of the business, as PNG. 404 where it has none."""
        self.actor.must(Permission.TENANT_READ)
        async with self.work:
            found = await self.tenants.logo()
        if found is None:
            raise NotFound.one("logo")
        return found

    async def _show(self, logo: Logo | None, png: bytes | None, expected: Collection[int] | None) -> Tenant:
        async with self.work:
            tenant = await self.tenants.for_change()
            must_be_current(tenant.version, expected)
            before = msgspec.structs.replace(tenant)
            if tenant.bear(logo, now=self.clock.now()):
                await self.tenants.save(tenant)
                await self.tenants.save_logo(png)
                self.work.record(TenantChanged.about(tenant, fields=["logo"]))
                self.work.note(Note(action="tenant.updated", subject=tenant.id, before=before, after=tenant))
        return tenant


async def _whole(blocks: AsyncIterator[bytes]) -> bytes:
    found = bytearray()
    async for block in blocks:
        found += block
        if len(found) > MOST_BYTES:
            raise ValidationFailed.of("file", "too_large", f"Expected at most {MOST_BYTES:,} bytes.")
    return bytes(found)
