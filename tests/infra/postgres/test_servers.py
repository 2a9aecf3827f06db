"""The schema stands on every server that may carry it, prepared by a superuser or by a manager of roles only."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from infra.postgres.binaries import bundled, installed
from infra.postgres.embedded import EmbeddedPostgres
from infra.postgres.migrate import downgrade, upgrade
from infra.postgres.roles import prepare
from tests.security import matrix
from tests.security.catalogue import RULES
from tests.support.databases import PASSWORDS

PLACES = [places for places in (bundled(), installed()) if any((place / "initdb").exists() for place in places)]
ONLY_A_SUPERUSER_CAN = {"the statements of others are hidden"}


@pytest.fixture(scope="module", params=PLACES, ids=lambda places: "bundled" if places == bundled() else "installed")
def server(request: pytest.FixtureRequest) -> Iterator[str]:
    """A superuser's address on a fresh server of each kind."""
    folder = Path(tempfile.mkdtemp(prefix="frontdesk-test-"))
    folder.chmod(0o755)
    with EmbeddedPostgres(folder / "postgres", settings={"fsync": "off"}, places=request.param) as running:
        yield running.admin_url
    shutil.rmtree(folder)


async def broken_rules(url: str) -> set[str]:
    inspector = await asyncpg.connect(url)
    try:
        assert await matrix.breaches(inspector) == []
        return {name for name, rule in RULES.items() if await rule.findings(inspector)}
    finally:
        await inspector.close()


async def test_a_manager_of_roles_prepares_what_a_superuser_does(server: str) -> None:
    superuser = await asyncpg.connect(server)
    await superuser.execute("create role manager login createrole createdb password 'managing'")
    await superuser.close()
    parts = urlsplit(server)
    manager = urlunsplit(parts._replace(netloc=f"manager:managing@{parts.netloc.rpartition('@')[2]}"))
    managed = urlunsplit(parts._replace(path="/managed"))
    for admin in (manager, server):
        urls = await prepare(admin, database="managed", passwords=PASSWORDS)
        await asyncio.to_thread(upgrade, urls.owner)
        assert await broken_rules(managed) == (ONLY_A_SUPERUSER_CAN if admin == manager else set())
        await asyncio.to_thread(downgrade, urls.owner, "base")


async def test_a_superuser_prepares_it_on_every_server(server: str) -> None:
    urls = await prepare(server, database="supervised", passwords=PASSWORDS)
    await asyncio.to_thread(upgrade, urls.owner)
    assert await broken_rules(urlunsplit(urlsplit(server)._replace(path="/supervised"))) == set()


async def test_a_role_that_has_come_by_power_loses_it(server: str) -> None:
    await prepare(server, database="mended", passwords=PASSWORDS)
    superuser = await asyncpg.connect(server)
    await superuser.execute("alter role frontdesk_app bypassrls createrole; alter role frontdesk_relay superuser")
    await prepare(server, database="mended", passwords=PASSWORDS)
    power = RULES["no role of ours has power over the server or over row-level security"]
    assert await power.findings(superuser) == []
    await superuser.close()
