"""`frontdesk restore`: a backup put in the place of the database, whole or not at all.

It is restored into a database beside, checked and migrated there, and takes the other's name in one step.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from frontdesk import backup_file, databases
from frontdesk.backup import plainly_refused
from frontdesk.backup_file import Manifest
from frontdesk.migrating import upgrade
from frontdesk.preparation import server
from frontdesk.refusal import Refusal
from frontdesk.secrets_file import passwords
from frontdesk.settings import Settings
from frontdesk.stop_signals import StopSignals
from infra.postgres import migrate
from infra.postgres.dump import analyse, content, fill
from infra.postgres.exchange import Exchange, address, exchange_on
from infra.postgres.roles import prepare


class Restore:
    """One restore. `replace` allows to put a database aside that holds something."""

    def __init__(self, settings: Settings, file: Path, *, replace: bool, say: Callable[[str], None]) -> None:
        self._settings = settings
        self._file = file
        self._replace = replace
        self._say = say

    def run(self, signals: StopSignals) -> Manifest:
        """Raise `Refusal`, and leave the database as it was, if it cannot be done; `StopRequested` if it may not."""
        manifest = backup_file.read(self._file)
        if not migrate.is_known(manifest.revision):
            raise Refusal(
                f"{self._file} was made by Frontdesk {manifest.version} and its database is newer (revision "
                f"{manifest.revision}) than this version of Frontdesk: restore it with that one."
            )
        with plainly_refused(), server(self._settings) as url:
            signals.run(self._restored(url, manifest, signals))
        return manifest

    async def _restored(self, url: str, manifest: Manifest, signals: StopSignals) -> None:
        database = databases.database_of(url)
        beside = f"{database}_restoring"
        async with exchange_on(url) as exchange:
            await self._check(exchange, url, manifest)
            await exchange.remove(beside)
            try:
                await self._make(exchange, url, beside, manifest)
                await signals.heed_no_more()
                await self._put_in_place(exchange, url, beside)
            finally:
                await exchange.remove(beside)

    async def _check(self, exchange: Exchange, url: str, manifest: Manifest) -> None:
        database = databases.database_of(url)
        if not await exchange.may_do_all():
            raise Refusal("The role of DATABASE_URL is not a superuser: it may not restore everything.")
        if exchange.server < manifest.postgres:
            raise Refusal(
                f"{self._file} comes from PostgreSQL {manifest.postgres}, "
                f"and the server is PostgreSQL {exchange.server}: a newer one is needed."
            )
        if (
            await exchange.exists(database)
            and not self._replace
            and not (await content(address(url, database))).is_empty
        ):
            raise Refusal(f"The database {database} holds data. With --replace it is put aside, and kept.")

    async def _make(self, exchange: Exchange, url: str, beside: str, manifest: Manifest) -> None:
        urls = await prepare(url, database=beside, passwords=passwords(self._settings))
        inside = address(url, beside)
        await fill(inside, backup_file.chunks(self._file), server=exchange.server)
        found = await content(inside)
        if found.rows != manifest.rows:
            raise Refusal(f"{self._file} did not restore whole: {_difference(manifest.rows, found.rows)}.")
        await asyncio.to_thread(upgrade, urls.owner)
        await analyse(inside)

    async def _put_in_place(self, exchange: Exchange, url: str, beside: str) -> None:
        database = databases.database_of(url)
        former = f"{database}_before_{datetime.now(UTC):%Y%m%d_%H%M%S}"
        await exchange.put_in_place(beside, of=database, former=former)
        if not await exchange.exists(former):
            return
        if (await content(address(url, former))).is_empty:
            await exchange.remove(former)
        else:
            self._say(f"The former database is kept as {former}: drop it when it is not needed any more.")


def _difference(wanted: dict[str, int], found: dict[str, int]) -> str:
    tables = sorted(table for table in wanted.keys() | found.keys() if wanted.get(table) != found.get(table))
    return ", ".join(
        f"{table} has {found.get(table, 'no')} rows, not {wanted.get(table, 'any')}" for table in tables[:3]
    )
