"""`frontdesk restore`."""

import os
from pathlib import Path

import click

from frontdesk.refusal import Refusal
from frontdesk.restore import Restore
from frontdesk.settings import Settings
from frontdesk.stop_signals import StopRequested, StopSignals


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Put a database aside that holds data. It is kept under another name.")
def command(file: Path, *, replace: bool) -> None:
    """Bring the database back as it was when `frontdesk backup` made FILE, and to this version's schema.

    It takes the database's place in one step, or not at all. Who is connected is cut off for a moment.
    """
    settings = Settings.load()
    signals = StopSignals(parent=os.getppid())
    signals.listen()
    try:
        restored = Restore(settings, file, replace=replace, say=click.echo).run(signals)
    except StopRequested:
        raise Refusal("Interrupted: the database is as it was.") from None
    as_of = f"{restored.made_at:%Y-%m-%d %H:%M:%S} UTC"
    click.echo(f"Restored {sum(restored.rows.values())} rows of {len(restored.rows)} tables, as of {as_of}.")
