"""`frontdesk demo`."""

import asyncio

import click
import msgspec

from frontdesk import databases
from frontdesk.demo import ensure_demo
from frontdesk.demo_login import DEMO_EMAIL
from frontdesk.migrating import upgrade
from frontdesk.preparation import prepared_database
from frontdesk.refusal import Refusal
from frontdesk.secrets_file import read_or_make
from frontdesk.settings import Settings


@click.command()
@click.option("--quick", is_flag=True, envvar="FRONTDESK_DEMO_QUICK", help="Without its 2,000 customers.")
def command(*, quick: bool) -> None:
    """Make the demo tenant with 2,000 customers, or what is missing of it, and print its owner's login."""
    settings = Settings.load()
    if settings.is_production:
        raise Refusal("There is no demo tenant in production: its password lies in a file.")
    if databases.is_given(settings):
        _ensure(settings, quick=quick)
        return
    with prepared_database(settings) as urls:
        upgrade(urls.owner)
        _ensure(msgspec.structs.replace(settings, database_url=urls.app, database_relay_url=urls.relay), quick=quick)


def _ensure(settings: Settings, *, quick: bool) -> None:
    password = read_or_make(settings.data_dir).demo_password
    asyncio.run(ensure_demo(settings, password, quick=quick))
    click.echo(f"{DEMO_EMAIL} / {password}")
