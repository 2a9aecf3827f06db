"""`frontdesk up`."""

import os

import click

from frontdesk.settings import Settings
from frontdesk.up import Up


@click.command()
def command() -> None:
    """Set up and run everything on this machine, in the foreground.

    Stops on Ctrl-C, on SIGTERM, and when the process that started it ends.
    """
    parent = int(os.environ.pop("FRONTDESK_PARENT", "") or os.getppid())
    Up(Settings.load(), parent=parent, say=click.echo).run()
