"""`frontdesk backup`: the whole installation's database in one file."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from frontdesk import backup_file, databases
from frontdesk.backup_file import DumpWriter, Manifest
from frontdesk.ingredients import VERSION
from frontdesk.preparation import server
from frontdesk.refusal import Refusal
from frontdesk.settings import Settings
from frontdesk.stop_signals import StopSignals
from infra.postgres.data_folder import locate
from infra.postgres.dump import dump
from infra.postgres.exchange import NotPossible, address
from infra.postgres.programs import ProgramFailed


def back_up(settings: Settings, file: Path, signals: StopSignals) -> Manifest:
    """Write all tenants' data, as they are at one moment, into `file`. Raise `Refusal`, and leave no file, if not."""
    if databases.is_embedded(settings) and not (locate(settings.postgres_folder) / "pgdata").exists():
        raise Refusal(f"There is no database in {settings.data_dir} yet, and nothing to back up.")
    with plainly_refused(), server(settings) as url:
        return backup_file.write(file, lambda into: signals.run(_dumped(url, into, signals)))


@contextmanager
def plainly_refused() -> Iterator[None]:
    """What Postgres or its programs refuse, as a `Refusal` of one line."""
    try:
        yield
    except (ProgramFailed, NotPossible) as error:
        raise Refusal(str(error)) from error
    except asyncpg.PostgresError as error:
        raise Refusal(f"PostgreSQL refuses: {(str(error) or type(error).__name__).splitlines()[0]}") from error
    except (ConnectionError, TimeoutError, asyncpg.InterfaceError) as error:
        raise Refusal(f"The database cannot be reached: {str(error) or type(error).__name__}.") from error


async def _dumped(server_url: str, into: DumpWriter, signals: StopSignals) -> Manifest:
    database = databases.database_of(server_url)
    made_at = datetime.now(UTC)
    try:
        found = await dump(address(server_url, database), into.write)
    except asyncpg.InvalidCatalogNameError:
        raise Refusal(f"There is no database {database} yet, and nothing to back up.") from None
    if found.revision is None:
        raise Refusal(f"The database {database} is not Frontdesk's, or was never migrated.")
    await signals.heed_no_more()
    return Manifest(
        format=backup_file.FORMAT,
        version=VERSION,
        revision=found.revision,
        postgres=found.server,
        made_at=made_at,
        rows=found.rows,
        size=into.size,
        sha256=into.sha256,
    )
