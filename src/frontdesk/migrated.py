"""Processes that serve need the schema of their version, or a later one: migrations come first and only add."""

import asyncpg

from frontdesk.databases import app_url
from frontdesk.refusal import Refusal
from frontdesk.settings import Settings
from infra.postgres import revisions


async def must_be_migrated(settings: Settings) -> None:
    """Raise `Refusal` where the database is of an earlier version, or cannot be reached."""
    try:
        present = await revisions.revision_of(app_url(settings))
    except (OSError, asyncpg.PostgresError) as error:
        raise Refusal(f"The database cannot be reached: {error}.") from error
    needed = revisions.newest()
    if present is None or present < needed:
        stands = f"at {present}" if present else "of an earlier version"
        raise Refusal(f"The database is {stands}, needed is {needed}: run `frontdesk migrate`.")
