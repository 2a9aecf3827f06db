"""`frontdesk data-key`."""

import asyncio

import click

from domains.shared.vault import Unreadable
from domains.shared.work import UnitOfWork
from domains.tenants import Operating
from frontdesk.operators import at_work, operators_desk
from frontdesk.refusal import Refusal
from frontdesk.settings import Settings
from infra.postgres.integrations import PostgresIntegrations
from infra.postgres.quotes import PostgresLockedLinks

_PAGE = 200


@click.group()
def command() -> None:
    """The key that secrets are encrypted with at rest (DATA_KEY)."""


@command.command()
def rotate() -> None:
    """Lock with the first key of DATA_KEY what was locked with the others. Safe to repeat, and to run under load."""
    click.echo(f"{asyncio.run(_rotate(Settings.load()))} secrets were locked anew.")


async def _rotate(settings: Settings) -> int:
    total, after = 0, ""
    async with operators_desk(settings) as desk:
        while True:
            async with at_work(desk) as scope:
                page = await (await scope.get(Operating)).page(after=after, most=_PAGE)
            for line in page:
                async with at_work(desk, line.id) as scope:
                    integrations, links = await scope.get(PostgresIntegrations), await scope.get(PostgresLockedLinks)
                    work = await scope.get(UnitOfWork)
                    try:
                        async with work:
                            total += await integrations.lock_anew()
                        total += await _locked_anew(links, work)
                    except Unreadable as error:
                        raise Refusal(f"A secret of the tenant {line.slug} does not open: {error}") from None
            if not page:
                return total
            after = page[-1].slug


async def _locked_anew(links: PostgresLockedLinks, work: UnitOfWork) -> int:
    """A thousand in a transaction, until none is left."""
    total = 0
    while True:
        async with work:
            some = await links.lock_anew()
        if not some:
            return total
        total += some
