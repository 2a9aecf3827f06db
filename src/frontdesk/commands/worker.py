"""`frontdesk worker`."""

import click

from frontdesk.worker import run


@click.command()
def command() -> None:
    """Do what was recorded for later: letters, deliveries, what is due."""
    run()
