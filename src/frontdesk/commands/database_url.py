"""`frontdesk database-url`."""

import click

from frontdesk import databases
from frontdesk.settings import Settings


@click.command("database-url")
@click.option("--owner", is_flag=True, help="That of the role which owns the schema.")
def command(*, owner: bool) -> None:
    """Print the database's address, password included, for the application's role."""
    settings = Settings.load()
    click.echo(databases.owner_url(settings) if owner else databases.app_url(settings))
