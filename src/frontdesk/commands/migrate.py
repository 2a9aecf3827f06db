"""`frontdesk migrate`."""

import click

from frontdesk.migrating import upgrade
from frontdesk.preparation import prepared_database
from frontdesk.settings import Settings


@click.command()
def command() -> None:
    """Make the database's roles where that is ours to do, and bring its schema to this version."""
    with prepared_database(Settings.load()) as urls:
        is_changed = upgrade(urls.owner)
    click.echo("The database has been brought to this version." if is_changed else "The database is at this version.")
