"""`frontdesk openapi`."""

from pathlib import Path

import click
import msgspec

from api.edge import EdgeSettings
from api.openapi import openapi_document
from frontdesk.asgi import application
from frontdesk.container import http_container
from frontdesk.ingredients import VERSION, Ingredients


@click.command()
def command() -> None:
    """Print the OpenAPI 3.1 document. Needs no database and no settings: nothing of it is used."""
    nothing = Ingredients(
        version=VERSION,
        database_url="postgresql://nobody@localhost/nothing",
        pool_size=3,
        secret="",
        token_lifetime=3600,
        smtp_url="smtp://localhost",
        mail_from="nobody@localhost",
        sandbox_mail=Path("nothing"),
        data_keys=(bytes(32),),
        files=Path("nothing"),
    )
    edge = EdgeSettings(version=VERSION)
    app = application(http_container(nothing), edge, with_sandbox=False)
    click.echo(msgspec.json.format(msgspec.json.encode(openapi_document(app, edge))))
