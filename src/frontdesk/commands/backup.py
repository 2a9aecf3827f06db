"""`frontdesk backup`."""

import os
from pathlib import Path

import click

from frontdesk.backup import back_up
from frontdesk.refusal import Refusal
from frontdesk.settings import Settings
from frontdesk.stop_signals import StopRequested, StopSignals


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def command(file: Path) -> None:
    """Write all of the database into FILE, while everything goes on.

    Needs an administrator's DATABASE_URL, or the embedded server. Secrets and the roles' passwords are not in the file.
    """
    settings = Settings.load()
    signals = StopSignals(parent=os.getppid())
    signals.listen()
    try:
        made = back_up(settings, file, signals)
    except StopRequested:
        raise Refusal("Interrupted: no backup was made.") from None
    click.echo(f"{file}: {sum(made.rows.values())} rows of {len(made.rows)} tables, {made.size} bytes.")
