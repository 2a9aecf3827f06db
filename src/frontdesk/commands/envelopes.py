"""`frontdesk envelopes`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import click

from domains.shared.clock import timestamp
from frontdesk.databases import app_url, relay_url
from frontdesk.refusal import Refusal
from frontdesk.settings import Settings
from infra.postgres.parked import Parked, ParkedEnvelope

_MOST = 1000


@click.group()
def command() -> None:
    """What follows a commit or came to its time, failed ten times, and was put aside."""


@command.command("list")
@click.option("--kind", help="Of this kind only.")
def list_parked(kind: str | None) -> None:
    """List it: id, kind, tenant, since when. Why it failed is in the worker's log, under `envelope_id`."""
    found = asyncio.run(_found(kind, None))
    for each in found:
        parked_at = timestamp(each.parked_at)
        click.echo(f"{each.id}  {each.kind}  tenant {each.tenant}  due {timestamp(each.due_at)}  parked {parked_at}")
    click.echo(f"{len(found)} parked." if len(found) < _MOST else f"The first {_MOST}.", err=True)


@command.command()
@click.argument("envelope", type=click.UUID, required=False)
@click.option("--kind", help="All of this kind.")
def replay(envelope: UUID | None, kind: str | None) -> None:
    """Have ENVELOPE tried again, ten times more, or all of a kind. It is noted in the tenant's audit log."""
    if (envelope is None) == (kind is None):
        raise click.UsageError("Name an envelope, or a kind.")
    replayed = asyncio.run(_replay(kind, envelope))
    if not replayed:
        raise Refusal("Nothing like that is parked.")
    click.echo(f"{replayed} will be tried again.")


async def _found(kind: str | None, envelope: UUID | None) -> list[ParkedEnvelope]:
    async with _parked() as parked:
        return await parked.found(kind=kind, envelope=envelope, most=_MOST)


async def _replay(kind: str | None, envelope: UUID | None) -> int:
    replayed = 0
    async with _parked() as parked:
        while found := await parked.found(kind=kind, envelope=envelope, most=_MOST):
            replayed += await parked.replay(found)
    return replayed


@asynccontextmanager
async def _parked() -> AsyncIterator[Parked]:
    settings = Settings.load()
    async with Parked.at(relay_url=relay_url(settings), app_url=app_url(settings)) as parked:
        yield parked
