"""`frontdesk data-key`."""

import asyncio
from uuid import UUID

import click
from dishka import AsyncContainer

from domains.shared.vault import Unreadable
from domains.shared.work import UnitOfWork
from domains.tenants import Operating
from frontdesk.operators import at_work, operators_desk
from frontdesk.refusal import Refusal
from frontdesk.settings import Settings
from infra.postgres.document_links import PostgresLockedLinks
from infra.postgres.imported_calendars import PostgresCalendarShelf
from infra.postgres.integrations import PostgresIntegrations
from infra.postgres.second_factors import LockedFactors

_PAGE = 200
_FIRST = UUID(int=0)


@click.group()
def command() -> None:
    """The key that secrets are encrypted with at rest (DATA_KEY)."""


@command.command()
def rotate() -> None:
    """Lock with the first key of DATA_KEY what was locked with the others. Safe to repeat, and to run under load."""
    connections, links, factors = asyncio.run(_rotate(Settings.load()))
    click.echo(f"{connections} connections, {links} links and {factors} second factors were locked anew.")
    click.echo("Files of exports are not: take the old key away when they are gone, after seven days.")


async def _rotate(settings: Settings) -> tuple[int, int, int]:
    async with operators_desk(settings) as desk:
        return *await _of_tenants(desk), await _factors(desk)


async def _of_tenants(desk: AsyncContainer) -> tuple[int, int]:
    """Connections, and links to what was sent to customers."""
    connections, links, after = 0, 0, ""
    while True:
        async with at_work(desk) as scope:
            page = await (await scope.get(Operating)).page(after=after, most=_PAGE)
        for line in page:
            async with at_work(desk, line.id) as scope:
                calendars = await scope.get(PostgresCalendarShelf)
                integrations, sent = await scope.get(PostgresIntegrations), await scope.get(PostgresLockedLinks)
                work = await scope.get(UnitOfWork)
                try:
                    async with work:
                        connections += await integrations.lock_anew() + await calendars.lock_anew()
                    links += await _links(sent, work)
                except Unreadable as error:
                    raise Refusal(f"A secret of the tenant {line.slug} does not open: {error}") from None
        if not page:
            return connections, links
        after = page[-1].slug


async def _links(sent: PostgresLockedLinks, work: UnitOfWork) -> int:
    """A thousand in a transaction, until none is left."""
    total = 0
    while True:
        async with work:
            some = await sent.lock_anew()
        if not some:
            return total
        total += some


async def _factors(desk: AsyncContainer) -> int:
    total, after = 0, _FIRST
    while True:
        async with at_work(desk) as scope:
            factors = await scope.get(LockedFactors)
            try:
                async with await scope.get(UnitOfWork):
                    done, last = await factors.lock_anew(after=after, most=_PAGE)
            except Unreadable as error:
                raise Refusal(f"A second factor of an account after {after} does not open: {error}") from None
        total += done
        if last is None:
            return total
        after = last
