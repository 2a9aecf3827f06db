"""`frontdesk up`."""

import os
from contextlib import suppress

import click

from frontdesk.settings import Settings
from frontdesk.up import Up


@click.command()
def command() -> None:
    """Set up and run everything on this machine, in the foreground.

    Stops on Ctrl-C, on SIGTERM, and when the process that started it ends.
    """
    parent = int(os.environ.pop("FRONTDESK_PARENT", "") or os.getppid())
    Up(Settings.load(), parent=parent, say=_say).run()


def _say(line: str) -> None:
    with suppress(OSError):
        click.echo(line)
