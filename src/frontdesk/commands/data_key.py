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
    connections, factors = asyncio.run(_rotate(Settings.load()))
    click.echo(f"{connections} connections and {factors} second factors were locked anew.")
    click.echo("Files of exports are not: take the old key away when they are gone, after seven days.")


async def _rotate(settings: Settings) -> tuple[int, int]:
    async with operators_desk(settings) as desk:
        return await _connections(desk), await _factors(desk)


async def _connections(desk: AsyncContainer) -> int:
    total, after = 0, ""
    while True:
        async with at_work(desk) as scope:
            page = await (await scope.get(Operating)).page(after=after, most=_PAGE)
        for line in page:
            async with at_work(desk, line.id) as scope:
                integrations = await scope.get(PostgresIntegrations)
                try:
                    async with await scope.get(UnitOfWork):
                        total += await integrations.lock_anew()
                except Unreadable as error:
                    raise Refusal(f"A secret of the tenant {line.slug} does not open: {error}") from None
        if not page:
            return total
        after = page[-1].slug


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
