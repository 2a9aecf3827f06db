"""`frontdesk stripe-stand-in`."""

import click

from frontdesk.settings import Settings
from frontdesk.stripe_stand_in import run


@click.command(hidden=True)
def command() -> None:
    """Run the stand-in for Stripe at STRIPE_API_URL that `frontdesk up` starts. Its events go to the API."""
    run(Settings.load())
