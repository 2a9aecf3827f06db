"""Bringing a database's schema to the version that this code needs (Alembic, one head)."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

_MIGRATIONS = Path(__file__).parents[3] / "migrations"


def configuration(owner_url: str) -> Config:
    """Alembic's settings for the database of `owner_url`, which must be of `frontdesk_owner`."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["owner_url"] = owner_url
    return config


def upgrade(owner_url: str, revision: str = "head") -> None:
    """Run the migrations up to `revision`. Concurrent runs wait for one another. Starts an event loop of its own."""
    command.upgrade(configuration(owner_url), revision)


def downgrade(owner_url: str, revision: str) -> None:
    """Undo the migrations down to `revision` (`base` undoes all)."""
    command.downgrade(configuration(owner_url), revision)


def head() -> str:
    """The newest revision that this code knows."""
    newest = ScriptDirectory(str(_MIGRATIONS)).get_current_head()
    if newest is None:
        raise LookupError(f"no migration in {_MIGRATIONS}")
    return newest


def is_known(revision: str) -> bool:
    """Whether this code has the migrations up to `revision`, and could bring such a database to its own version."""
    return any(script.revision == revision for script in ScriptDirectory(str(_MIGRATIONS)).walk_revisions())


def current(connection: Connection) -> str | None:
    """The revision that the database is at, or None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()
