"""`frontdesk tenants create`."""

import asyncio

import click

from frontdesk.founding import founded
from frontdesk.settings import Settings


@click.command("create")
@click.argument("name")
@click.option("--owner-email", required=True, help="The owner's address; it must have no account yet.")
@click.option("--owner-name", required=True)
def command(name: str, owner_email: str, owner_name: str) -> None:
    """Make a tenant and its owner, and print the owner's first password."""
    made = asyncio.run(founded(Settings.load(), name=name, email=owner_email, owner=owner_name))
    click.echo(f"{made.slug}\n{made.email} / {made.password}")
