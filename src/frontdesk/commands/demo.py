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
def command() -> None:
    """Make the demo tenant, unless there is one, and print its owner's login."""
    settings = Settings.load()
    if settings.is_production:
        raise Refusal("There is no demo tenant in production: its password lies in a file.")
    if databases.is_given(settings):
        _ensure(settings)
        return
    with prepared_database(settings) as urls:
        upgrade(urls.owner)
        _ensure(msgspec.structs.replace(settings, database_url=urls.app, database_relay_url=urls.relay))


def _ensure(settings: Settings) -> None:
    password = read_or_make(settings.data_dir).demo_password
    asyncio.run(ensure_demo(settings, password))
    click.echo(f"{DEMO_EMAIL} / {password}")
