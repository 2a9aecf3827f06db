"""`frontdesk accounts`."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click

from domains.identity import AccountKeeping
from frontdesk.operators import at_work, operators_desk
from frontdesk.settings import Settings

Result = TypeVar("Result")


@click.group()
def command() -> None:
    """Look after accounts, as the platform's operator. Needs the database's owner (DATABASE_OWNER_URL)."""


@command.command("drop-second-factor")
@click.argument("email")
def drop_second_factor(email: str) -> None:
    """Take the second factor of EMAIL away, who lost it and the codes: docs/sessions.md says what to ask before."""
    asyncio.run(_done(lambda keeping: keeping.take_away_second_factor(email)))
    click.echo(f"{email}: signs in with the password only. All sessions have ended, and a letter says so.")


@command.command("end-sessions")
@click.argument("email")
def end_sessions(email: str) -> None:
    """End all sessions of EMAIL, in all tenants."""
    click.echo(f"{email}: {asyncio.run(_done(lambda keeping: keeping.end_sessions(email)))} sessions have ended.")


async def _done(verb: Callable[[AccountKeeping], Awaitable[Result]]) -> Result:
    async with operators_desk(Settings.load()) as desk, at_work(desk) as scope:
        return await verb(await scope.get(AccountKeeping))
