"""`frontdesk sandbox`."""

import click

from frontdesk.sandbox import run
from frontdesk.settings import Settings


@click.command(hidden=True)
def command() -> None:
    """Run the stand-ins for providers that `frontdesk up` starts: a mail server at SMTP_URL that keeps what it gets."""
    run(Settings.load())
