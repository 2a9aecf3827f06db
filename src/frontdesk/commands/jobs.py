"""`frontdesk jobs`."""

import asyncio
from uuid import UUID

import click

from frontdesk.parked_jobs import parked_jobs, replay
from frontdesk.settings import Settings


@click.group()
def command() -> None:
    """Look after jobs that were given up."""


@command.command("list")
def list_parked() -> None:
    """List the jobs that failed too often, the oldest first."""
    for job in asyncio.run(parked_jobs(Settings.load())):
        click.echo(f"{job.id}  {job.kind}  tenant {job.tenant}")


@command.command("replay")
@click.argument("job_id", type=click.UUID)
def replay_one(job_id: UUID) -> None:
    """Have a job that was given up go on where it stopped."""
    job = asyncio.run(replay(Settings.load(), job_id))
    click.echo(f"{job.id} goes on, {job.done} done so far.")
