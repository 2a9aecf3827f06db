"""`frontdesk backup` and `restore`: everything or nothing, and nobody else's. Attacks C1 34, C17 214."""

import asyncio
import os
import shutil
import signal
import subprocess
import zipfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import msgspec
import pytest

from infra.postgres.exchange import exchange_on
from infra.postgres.migrate import head, upgrade
from tests.frontdesk.commands import FRONTDESK, environment, refusal, run
from tests.security.snapshot import snapshot
from tests.support.databases import PASSWORDS, Databases, TestDatabase
from tests.support.forbidden import forbidden_folder
from tests.support.house import House, house_over
from tests.support.people import Tenant, new_tenant
from tests.support.soon import until, wait_until

ROLES = {
    "OWNER_DATABASE_PASSWORD": PASSWORDS.owner,
    "APP_DATABASE_PASSWORD": PASSWORDS.app,
    "RELAY_DATABASE_PASSWORD": PASSWORDS.relay,
}


class Office(msgspec.Struct, frozen=True):
    """A database with two tenants, Ada and Grace being their customers."""

    database: TestDatabase
    a: Tenant
    b: Tenant


@pytest.fixture(scope="module")
async def office(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Office:
    database = await databases.new()
    async with house_over(database, tmp_path_factory.mktemp("office")) as house:
        office = Office(database, await new_tenant(house), await new_tenant(house))
        await add(house, office.a, "Ada")
        await add(house, office.b, "Grace")
    return office


@pytest.fixture
async def empty(databases: Databases) -> TestDatabase:
    return await databases.empty()


@pytest.fixture(scope="module")
async def pristine(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the office."""
    folder = tmp_path_factory.mktemp("backup")
    done = await asyncio.to_thread(run, folder, "backup", "office.backup", **admin_of(office.database))
    assert done.returncode == 0, done
    return folder / "office.backup"


@pytest.fixture
def backup(pristine: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copy(pristine, tmp_path))


def admin_of(database: TestDatabase) -> dict[str, str]:
    return {"DATABASE_URL": database.admin, **ROLES}


async def add(house: House, tenant: Tenant, name: str) -> None:
    async with house.client(tenant.owner.token) as client:
        answer = await client.post("/customers", json={"name": name})
        assert answer.status_code == 201, answer.text


async def names(house: House, tenant: Tenant) -> list[str]:
    """What is listed. Where connections have just been cut, the first answers may be 503."""
    async with house.client(tenant.owner.token) as client:
        answer = await client.get("/customers")
        for _ in range(20):
            if answer.status_code != 503:
                break
            answer = await client.get("/customers")
        return [customer["name"] for customer in answer.json()["items"]]


async def rows(database: TestDatabase, query: str) -> list[object]:
    inspector = await asyncpg.connect(database.admin)
    try:
        return [row[0] for row in await inspector.fetch(query)]
    finally:
        await inspector.close()


def mode_of(file: Path) -> int:
    return file.stat().st_mode & 0o777


def there(folder: Path, pattern: str) -> list[Path]:
    return list(folder.glob(pattern))


async def relatives(database: TestDatabase) -> list[str]:
    """What else is called as the database is, and how."""
    name = urlsplit(database.admin).path.strip("/")
    found = await rows(database, f"select datname from pg_database where datname like '{name}\\_%'")
    return [str(relative).removeprefix(name) for relative in found]


async def test_all_of_it_comes_back_and_each_tenant_sees_its_own(
    office: Office, backup: Path, databases: Databases, empty: TestDatabase, tmp_path: Path
) -> None:
    restored = await asyncio.to_thread(run, tmp_path, "restore", str(backup), **admin_of(empty))
    assert restored.returncode == 0, restored
    fresh = await databases.new()
    assert await snapshot(empty.admin) == await snapshot(fresh.admin)
    assert await relatives(empty) == []
    everything = "select (t.*)::text from {} t order by 1"
    for table in ("customers", "events", "users", "directory.accounts", "directory.sessions", "work.envelopes"):
        kept = await rows(empty, everything.format(table))
        assert kept == await rows(office.database, everything.format(table))
    async with house_over(empty, tmp_path / "other house") as house:
        assert [await names(house, office.a), await names(house, office.b)] == [["Ada"], ["Grace"]]
        await add(house, office.a, "Barbara")
        assert await names(house, office.b) == ["Grace"]


async def test_the_file_tells_what_it_holds(office: Office, backup: Path) -> None:
    assert mode_of(backup) == 0o600
    with zipfile.ZipFile(backup) as archive:
        manifest = msgspec.json.decode(archive.read("manifest.json"))
        whole = archive.read("database.dump") + archive.read("manifest.json")
    assert (manifest["format"], manifest["revision"]) == (1, head())
    assert (manifest["rows"]["public.customers"], manifest["rows"]["directory.accounts"]) == (2, 8)
    assert not [password for password in ROLES.values() if password.encode() in whole]


async def test_a_database_that_holds_data_is_put_aside_only_when_told(
    office: Office, backup: Path, empty: TestDatabase, tmp_path: Path
) -> None:
    """Who serves from it goes on with the one that takes its place."""
    settings = admin_of(empty)
    assert (await asyncio.to_thread(run, tmp_path, "restore", str(backup), **settings)).returncode == 0
    assert "holds data" in await asyncio.to_thread(refusal, tmp_path, "restore", str(backup), **settings)
    async with house_over(empty, tmp_path / "serving") as house:
        await add(house, office.a, "Barbara")
        done = await asyncio.to_thread(run, tmp_path, "restore", "--replace", str(backup), **settings)
        assert done.returncode == 0, done
        assert await names(house, office.a) == ["Ada"]
        await add(house, office.a, "Edsger")
    [former] = await relatives(empty)
    assert former.startswith("_before_")
    assert former in done.stdout
    kept = msgspec.structs.replace(empty, admin=empty.admin + former)
    assert await rows(kept, "select name from customers order by name") == ["Ada", "Barbara", "Grace"]


async def test_a_database_that_nobody_has_used_is_no_obstacle(
    backup: Path, own_database: TestDatabase, tmp_path: Path
) -> None:
    """As after `frontdesk migrate` on a new server."""
    done = await asyncio.to_thread(run, tmp_path, "restore", str(backup), **admin_of(own_database))
    assert done.returncode == 0, done
    assert await rows(own_database, "select name from customers order by name") == ["Ada", "Grace"]
    assert await relatives(own_database) == []


async def test_an_older_backup_is_brought_to_this_version(databases: Databases, tmp_path: Path) -> None:
    old, new = await databases.empty(), await databases.empty()
    await asyncio.to_thread(upgrade, old.owner, "0005")
    file = str(tmp_path / "old.backup")
    assert (await asyncio.to_thread(run, tmp_path, "backup", file, **admin_of(old))).returncode == 0
    done = await asyncio.to_thread(run, tmp_path, "restore", file, **admin_of(new))
    assert done.returncode == 0, done
    assert await rows(new, "select version_num from alembic_version") == [head()]
    assert await snapshot(new.admin) == await snapshot((await databases.new()).admin)


def rewritten(backup: Path, **changes: object) -> None:
    """Change the description of a backup."""
    with zipfile.ZipFile(backup) as archive:
        dump, manifest = archive.read("database.dump"), msgspec.json.decode(archive.read("manifest.json"))
    with zipfile.ZipFile(backup, "w") as archive:
        archive.writestr("database.dump", dump)
        archive.writestr("manifest.json", msgspec.json.encode({**manifest, **changes}))


def flip(backup: Path) -> None:
    content = bytearray(backup.read_bytes())
    content[len(content) // 2] ^= 1
    backup.write_bytes(content)


def miscount(backup: Path) -> None:
    with zipfile.ZipFile(backup) as archive:
        counted = msgspec.json.decode(archive.read("manifest.json"))["rows"]
    rewritten(backup, rows={**counted, "public.customers": 3})


def forge(backup: Path) -> None:
    rewritten(backup, sha256="0" * 64)


SPOILT: dict[str, tuple[Callable[[Path], object], str]] = {
    "cut short": (lambda file: os.truncate(file, file.stat().st_size // 2), "is not a backup of Frontdesk's"),
    "one bit turned": (flip, "is damaged"),
    "another dump": (forge, "is damaged"),
    "something else": (lambda file: file.write_text("select 1;"), "is not a backup of Frontdesk's"),
    "nothing": (lambda file: file.unlink(), "No such file"),
    "of a newer format": (lambda file: rewritten(file, format=2), "too new"),
    "of a newer version": (lambda file: rewritten(file, revision="9999"), "newer (revision 9999)"),
    "of a newer server": (lambda file: rewritten(file, postgres=99), "comes from PostgreSQL 99"),
    "of other rows": (miscount, "public.customers has 2 rows, not 3"),
}


@pytest.mark.parametrize("how", SPOILT)
async def test_a_file_that_is_not_sound(backup: Path, empty: TestDatabase, tmp_path: Path, how: str) -> None:
    spoil, complaint = SPOILT[how]
    spoil(backup)
    before = await snapshot(empty.admin)
    assert complaint in await asyncio.to_thread(refusal, tmp_path, "restore", str(backup), **admin_of(empty))
    assert await snapshot(empty.admin) == before
    assert await relatives(empty) == []


async def test_a_role_that_sees_a_part_is_refused(office: Office, tmp_path: Path) -> None:
    """The owner of the tables is under their row-level security too."""
    file = tmp_path / "part.backup"
    said = await asyncio.to_thread(refusal, tmp_path, "backup", str(file), DATABASE_URL=office.database.owner, **ROLES)
    assert "row-level security" in said
    said = await asyncio.to_thread(refusal, tmp_path, "backup", str(file), DATABASE_URL=office.database.app)
    assert "needs an administrator" in said
    assert not there(tmp_path, "part*")


async def test_places_where_nothing_can_be_written(office: Office, backup: Path, tmp_path: Path) -> None:
    settings = admin_of(office.database)
    places = {backup: "is there already", tmp_path / "no folder" / "x": "No such file", forbidden_folder(): "No perm"}
    for place, complaint in places.items():
        assert complaint in await asyncio.to_thread(refusal, tmp_path, "backup", str(place), **settings)


async def test_a_full_disk(office: Office, tmp_path: Path) -> None:
    limited = ["bash", "-c", 'ulimit -f 8; exec "$@"', "-", *FRONTDESK, "backup", "full.backup"]
    # What Python compiles under this limit would be cut short, and break whoever loads it next.
    settings = environment(tmp_path, PYTHONDONTWRITEBYTECODE="1", **admin_of(office.database))
    done = await asyncio.to_thread(
        subprocess.run, limited, cwd=tmp_path, env=settings,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, "The disk is full: there is no room for full.backup.\n")
    assert not there(tmp_path, "full*")


async def test_a_machine_without_a_database(tmp_path: Path) -> None:
    assert "nothing to back up" in await asyncio.to_thread(refusal, tmp_path, "backup", "x")
    assert not there(tmp_path, "*")


@pytest.fixture
async def held(office: Office) -> AsyncIterator[asyncpg.Connection]:
    """Nobody can read the customers meanwhile: a backup waits."""
    holder = await asyncpg.connect(office.database.admin)
    async with holder.transaction():
        await holder.execute("lock table customers")
        yield holder
    await holder.close()


@contextmanager
def started(folder: Path, *arguments: str, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """A command under way, which ends with this at the latest."""
    command, env = [*FRONTDESK, *arguments], environment(folder, **settings)
    with subprocess.Popen(command, cwd=folder, env=env, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
async def test_an_interrupted_backup_is_none(
    office: Office, held: asyncpg.Connection, tmp_path: Path, how: signal.Signals
) -> None:
    file, partial, settings = tmp_path / "x.backup", tmp_path / "x.backup.partial", admin_of(office.database)
    with started(tmp_path, "backup", str(file), **settings) as making:
        await asyncio.to_thread(wait_until, partial.exists)
        assert "is under way" in await asyncio.to_thread(refusal, tmp_path, "backup", str(file), **settings)
        making.send_signal(how)
        _, said = await asyncio.to_thread(making.communicate, timeout=30)
    assert not file.exists()
    if how is signal.SIGTERM:
        assert (making.returncode, said) == (1, "Interrupted: no backup was made.\n")
        assert not partial.exists()
    await held.execute("rollback")
    assert (await asyncio.to_thread(run, tmp_path, "backup", str(file), **settings)).returncode == 0
    assert not partial.exists()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
async def test_an_interrupted_restore_changes_nothing(
    backup: Path, own_database: TestDatabase, tmp_path: Path, how: signal.Signals
) -> None:
    settings, content = admin_of(own_database), "select slug from directory.tenants"
    inspector = await asyncpg.connect(own_database.admin)
    await inspector.execute("insert into directory.tenants (id, slug, name) values (gen_random_uuid(), 'here', 'H')")
    await inspector.close()

    async def has_begun() -> bool:
        assert restoring.poll() is None
        return await relatives(own_database) == ["_restoring"]

    with started(tmp_path, "restore", "--replace", str(backup), **settings) as restoring:
        await until(has_begun)
        restoring.send_signal(how)
        _, said = await asyncio.to_thread(restoring.communicate, timeout=30)
    assert await rows(own_database, content) == ["here"]
    if how is signal.SIGTERM:
        assert (restoring.returncode, said) == (1, "Interrupted: the database is as it was.\n")
        assert await relatives(own_database) == []
    done = await asyncio.to_thread(run, tmp_path, "restore", "--replace", str(backup), **settings)
    assert done.returncode == 0, done
    assert "_restoring" not in await relatives(own_database)
    assert len(await rows(own_database, content)) == 2


async def test_one_restore_at_a_time(backup: Path, empty: TestDatabase, tmp_path: Path) -> None:
    async with exchange_on(empty.admin):
        said = await asyncio.to_thread(refusal, tmp_path, "restore", str(backup), **admin_of(empty))
        assert said == "Another restore is under way."
    assert (await asyncio.to_thread(run, tmp_path, "restore", str(backup), **admin_of(empty))).returncode == 0
