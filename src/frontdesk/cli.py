"""The command `frontdesk`."""

import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType

import click

from domains.shared.errors import DomainError
from frontdesk.lazy import Lazy, LazyGroup
from frontdesk.refusal import Refusal
from infra.postgres.server_failed import ServerFailed


class _Commands(LazyGroup):
    lazy = MappingProxyType(
        {
            "accounts": Lazy("frontdesk.commands.accounts", "Look after accounts, as the platform's operator."),
            "api": Lazy("frontdesk.commands.api", "Serve HTTP and WebSockets."),
            "backup": Lazy("frontdesk.commands.backup", "Write all of the database into FILE."),
            "data-key": Lazy("frontdesk.commands.data_key", "The key that secrets are encrypted with at rest."),
            "database-url": Lazy("frontdesk.commands.database_url", "Print the database's address, password included."),
            "demo": Lazy("frontdesk.commands.demo", "Make the demo tenant, and print its owner's login."),
            "doctor": Lazy("frontdesk.commands.doctor", "Say what is configured, and what is wrong."),
            "envelopes": Lazy("frontdesk.commands.envelopes", "What follows a commit, and was put aside."),
            "inbox": Lazy("frontdesk.commands.inbox", "Webhooks that came in and could not be applied."),
            "jobs": Lazy("frontdesk.commands.jobs", "Look after jobs that were given up."),
            "letters": Lazy("frontdesk.commands.letters", "Letters of which nobody can tell whether they were taken."),
            "migrate": Lazy("frontdesk.commands.migrate", "Make the database's roles and its schema."),
            "openapi": Lazy("frontdesk.commands.openapi", "Print the OpenAPI 3.1 document."),
            "restore": Lazy("frontdesk.commands.restore", "Bring the database back as it was in a backup."),
            "sandbox": Lazy("frontdesk.commands.sandbox", "Run the stand-ins for providers.", is_hidden=True),
            "stripe-stand-in": Lazy(
                "frontdesk.commands.stripe_stand_in", "Run the stand-in for Stripe.", is_hidden=True
            ),
            "tenants": Lazy("frontdesk.commands.tenants", "Look after tenants, as the platform's operator."),
            "time-zones": Lazy("frontdesk.commands.time_zones", "The rules by which clocks are changed."),
            "up": Lazy("frontdesk.commands.up", "Set up and run everything on this machine."),
            "worker": Lazy("frontdesk.commands.worker", "Do what was recorded for later."),
        }
    )


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
    except DomainError as refusal:
        _end(refusal.detail)
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
