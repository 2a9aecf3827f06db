"""The command `frontdesk`."""

import importlib
import importlib.metadata
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType

import click

from frontdesk.refusal import Refusal
from infra.postgres.server_failed import ServerFailed

_COMMANDS = MappingProxyType(
    {
        "api": "frontdesk.commands.api",
        "backup": "frontdesk.commands.backup",
        "data-key": "frontdesk.commands.data_key",
        "database-url": "frontdesk.commands.database_url",
        "demo": "frontdesk.commands.demo",
        "doctor": "frontdesk.commands.doctor",
        "envelopes": "frontdesk.commands.envelopes",
        "inbox": "frontdesk.commands.inbox",
        "letters": "frontdesk.commands.letters",
        "jobs": "frontdesk.commands.jobs",
        "migrate": "frontdesk.commands.migrate",
        "openapi": "frontdesk.commands.openapi",
        "restore": "frontdesk.commands.restore",
        "sandbox": "frontdesk.commands.sandbox",
        "tenants": "frontdesk.commands.tenants",
        "up": "frontdesk.commands.up",
        "worker": "frontdesk.commands.worker",
    }
)


class _Commands(click.Group):
    """Loads a command when it is called, so that none pays for what only the others need."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command = importlib.import_module(_COMMANDS[cmd_name]).command
        if not isinstance(command, click.Command):
            raise TypeError(cmd_name)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="frontdesk", prog_name="frontdesk")
@click.option("--debug", is_flag=True, help="Show where an unexpected error comes from.")
def frontdesk(*, debug: bool) -> None:
    """The back and front office for service businesses and associations."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command. Exit with 1 and one clear line when it refuses, with 2 when it was called wrongly."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        frontdesk.main(given, prog_name="frontdesk", standalone_mode=True)
    except (Refusal, ServerFailed) as refusal:
        _end(str(refusal))
    except Exception as error:  # noqa: BLE001 - the last resort: a line for people, the traceback in a file
        _end(_unexpected(error, debug="--debug" in given))


def _end(line: str) -> None:
    click.echo(line, err=True)
    sys.exit(1)


def _unexpected(error: Exception, *, debug: bool) -> str:
    story = "".join(traceback.format_exception(error))
    what = f"Unexpected {type(error).__name__}: {(str(error).splitlines() or [''])[0]}"
    if debug:
        return f"{story}\n{what}"
    with tempfile.NamedTemporaryFile("w", prefix="frontdesk-", suffix=".log", delete=False) as file:
        file.write(story)
    return f"{what}. Where it comes from is in {Path(file.name)}."
