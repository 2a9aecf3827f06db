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

_PAGE = 200


@click.group()
def command() -> None:
    """The key that secrets are encrypted with at rest (DATA_KEY)."""


@command.command()
def rotate() -> None:
    """Lock with the first key of DATA_KEY what was locked with the others. Safe to repeat, and to run under load."""
    click.echo(f"{asyncio.run(_rotate(Settings.load()))} connections were locked anew.")


async def _rotate(settings: Settings) -> int:
    total, after = 0, ""
    async with operators_desk(settings) as desk:
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
