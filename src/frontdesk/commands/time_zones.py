"""`frontdesk time-zones`."""

import asyncio
from importlib.metadata import version

import click
from dishka import AsyncContainer

from domains.appointments.rederiving import Rederived, Rederiving
from domains.shared.work import UnitOfWork
from domains.tenants import Operating
from frontdesk.operators import at_work, operators_desk
from frontdesk.settings import Settings
from infra.postgres.agreed_times import PostgresZoneRules

_PAGE = 200


@click.group()
def command() -> None:
    """The rules by which clocks are changed (the package tzdata)."""


@command.command()
@click.option("--again", is_flag=True, help="Also where the rules are those of the last time.")
def rederive(*, again: bool) -> None:
    """Have visits to come begin when the clocks show what was agreed, by the rules that are installed.

    Safe to repeat. A worker that starts after an upgrade has the same done; this does it at once, and says what became
    of it. Visits that keep their old instant, because another one is in the way, are listed: somebody has to talk with
    their customers.
    """
    installed = version("tzdata")
    moved, kept = asyncio.run(_rederive(Settings.load(), installed, again=again))
    click.echo(f"By tzdata {installed}, {moved} visits begin at another instant.")
    if kept:
        click.echo(f"{kept} keep the old one.", err=True)


async def _rederive(settings: Settings, installed: str, *, again: bool) -> tuple[int, int]:
    async with operators_desk(settings) as desk:
        async with at_work(desk) as scope:
            rules, work = await scope.get(PostgresZoneRules), await scope.get(UnitOfWork)
            async with work:
                if await rules.followed() == installed and not again:
                    return 0, 0
        found = await _of_tenants(desk)
        async with at_work(desk) as scope:
            rules, work = await scope.get(PostgresZoneRules), await scope.get(UnitOfWork)
            async with work:
                await rules.follow(installed)
        return found


async def _of_tenants(desk: AsyncContainer) -> tuple[int, int]:
    moved, kept, after = 0, 0, ""
    while True:
        async with at_work(desk) as scope:
            page = await (await scope.get(Operating)).page(after=after, most=_PAGE)
        for line in page:
            async with at_work(desk, line.id) as scope:
                found = await (await scope.get(Rederiving)).carry_out()
            _show(line.slug, found)
            moved, kept = moved + len(found.moved), kept + len(found.kept)
        if not page:
            return moved, kept
        after = page[-1].slug


def _show(slug: str, found: Rederived) -> None:
    for visit in found.moved:
        click.echo(f"{slug}  {visit}  moved")
    for visit, other in found.kept.items():
        click.echo(f"{slug}  {visit}  kept: {other} is in the way")
