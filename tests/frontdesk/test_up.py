"""`frontdesk up`, as a process: it serves, it ends in every way without leaving anything, it keeps what it stored."""

import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from infra.postgres.server_failed import explained
from tests.frontdesk.commands import (
    FRONTDESK,
    Running,
    environment,
    free_port,
    process_of,
    processes_of,
    reachable_folder,
    refusal,
    run,
    up,
)
from tests.support.forbidden import forbidden_folder
from tests.support.soon import PATIENCE, wait_until

PARENT = "import subprocess, sys; sys.exit(subprocess.call(sys.argv[1:]))"
CLEAN_END = "database system is shut down"
PARTS = {
    "postgres": ("-D",),
    "api": ("frontdesk", "--debug", "api"),
    "worker": ("frontdesk", "--debug", "worker"),
}


class Settled(NamedTuple):
    """A data folder with its server, schema and demo tenant, and the line that tells its login."""

    data: Path
    login: str


@pytest.fixture
def folder() -> Iterator[Path]:
    with reachable_folder() as made:
        yield made


@pytest.fixture(scope="module")
def settled() -> Iterator[Settled]:
    """What a first `up` leaves, in which a customer was stored, after a SIGTERM to all of its processes."""
    with reachable_folder() as made:
        port = free_port()
        with up(made, PORT=str(port)) as running:
            login = running.wait_for("Login")
            with log_in(port, login) as client:
                assert client.post("/customers", json={"name": "Kept Across Starts"}).status_code == 201
            end_by_sigterm_to_the_group(running)
            assert running.process.wait(timeout=PATIENCE) == 0
        assert "Stopping at once." not in "".join(running.lines)
        assert not processes_of(made)
        assert server_log(made).count(CLEAN_END) == 1
        (made / "data" / "postgres" / "postgres.log").unlink()
        yield Settled(made / "data", login)


@pytest.fixture
def again(folder: Path, settled: Settled) -> Path:
    """A folder in which `up` has been before."""
    subprocess.run(["cp", "--archive", settled.data, folder / "data"], check=True)
    return folder


def server_log(folder: Path) -> str:
    return (folder / "data" / "postgres" / "postgres.log").read_text()


def is_healthy(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def log_in(port: int, line: str) -> httpx.Client:
    """A client signed in with the login that `up` printed."""
    _, email, _, password = line.split()
    api = f"http://127.0.0.1:{port}/api/v1"
    answer = httpx.post(f"{api}/auth/login", json={"email": email, "password": password}, timeout=20)
    assert answer.status_code == 200, answer.text
    return httpx.Client(base_url=api, timeout=20, headers={"Authorization": f"Bearer {answer.json()['accessToken']}"})


def names(client: httpx.Client) -> set[str]:
    answer = client.get("/customers", params={"limit": "100"})
    assert answer.status_code == 200, answer.text
    return {customer["name"] or customer["company"] for customer in answer.json()["items"]}


def end_by_ctrl_c(running: Running) -> None:
    os.killpg(running.process.pid, signal.SIGINT)


def end_by_sigterm_to_the_group(running: Running) -> None:
    os.killpg(running.process.pid, signal.SIGTERM)
    running.process.terminate()


def test_it_serves_and_keeps_what_it_stored(again: Path, settled: Settled) -> None:
    port = free_port()
    with up(again, PORT=str(port)) as running:
        assert running.wait_for("Login") == settled.login
        assert is_healthy(port)
        assert httpx.get(f"http://127.0.0.1:{port}/docs").status_code == 200
        with log_in(port, settled.login) as client:
            assert {"Ada Lovelace", "Kept Across Starts"} < names(client)
        assert run(again, "doctor", PORT=str(port)).returncode == 0
        assert run(again, "database-url").stdout.startswith("postgresql://frontdesk_app:")
        assert run(again, "database-url", "--owner").stdout.startswith("postgresql://frontdesk_owner:")
        assert run(again, "migrate").stdout == "The database is at this version.\n"
        with reachable_folder() as other:
            assert refusal(other, "up", PORT=str(port)).startswith(f"Port {port} on 127.0.0.1 is taken")
            assert not (other / "data").exists()
        assert "in use by `frontdesk up`" in refusal(again, "up", PORT=str(free_port()))
        end_by_ctrl_c(running)
        assert running.process.wait(timeout=PATIENCE) == 0
    assert not processes_of(again)
    assert server_log(again).count(CLEAN_END) == 1


def test_it_ends_when_its_parent_is_killed(again: Path) -> None:
    with up(again, parent=(sys.executable, "-c", PARENT), PORT=str(free_port())) as running:
        running.wait_for("Ready")
        running.process.kill()
        wait_until(lambda: not processes_of(again))
    assert server_log(again).count(CLEAN_END) == 1


def test_it_ends_while_it_is_still_setting_up(folder: Path) -> None:
    with up(folder, PORT=str(free_port())) as running:
        running.wait_for("PostgreSQL:")
        running.process.terminate()
        assert running.process.wait(timeout=PATIENCE) == 0
    assert not processes_of(folder)
    assert CLEAN_END in server_log(folder)


def test_what_is_killed_is_started_again_and_all_ends_with_it(again: Path) -> None:
    port = free_port()
    with up(again, PORT=str(port)) as running:
        running.wait_for("Ready")
        for part, words in PARTS.items():
            first = process_of(again, *words)
            assert first
            os.kill(first, signal.SIGKILL)
            running.wait_for(f"{part} ended")
            wait_until(partial(is_another, again, words, first))
            wait_until(partial(is_healthy, port))
        assert_mail_goes_to_the_sandbox(port)
        running.process.kill()
        wait_until(lambda: not processes_of(again))
    assert server_log(again).count(CLEAN_END) == 1


def is_another(folder: Path, words: Sequence[str], first: int) -> bool:
    return process_of(folder, *words) not in {None, first}


def assert_mail_goes_to_the_sandbox(port: int) -> None:
    address = "new@customers.test"
    order = {"tenantName": "New Business", "displayName": "New", "email": address, "password": "A-long-password-1"}
    answer = httpx.post(f"http://127.0.0.1:{port}/api/v1/auth/register", json={**order, "agreeToTerms": True})
    assert answer.status_code == 202
    mailbox = f"http://127.0.0.1:{port}/sandbox/mail"
    wait_until(lambda: httpx.get(mailbox, params={"to": address}).json()["items"])


def test_a_second_wish_ends_what_does_not_end_by_itself(again: Path) -> None:
    with up(again, PORT=str(free_port())) as running:
        running.wait_for("Ready")
        api = process_of(again, "frontdesk", "--debug", "api")
        assert api
        os.kill(api, signal.SIGSTOP)
        running.process.terminate()
        running.wait_for("Stopping.")
        assert running.process.poll() is None

        def has_ended_after_another_wish() -> bool:
            running.process.terminate()
            return running.process.poll() is not None

        wait_until(has_ended_after_another_wish, within=PATIENCE)
        assert running.process.returncode == 0
        running.wait_for("Stopping at once.")
    assert not processes_of(again)


def another_version(folder: Path) -> None:
    pgdata = folder / "data" / "postgres" / "pgdata"
    pgdata.mkdir(parents=True)
    (pgdata / "PG_VERSION").write_text("14\n")
    (pgdata.parent / "postgres.password").write_text("x")


def a_file_in_the_way(folder: Path) -> None:
    (folder / "data").write_text("not a folder")


def damaged_secrets(folder: Path) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "secrets.json").write_text("{")


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (another_version, "was made by PostgreSQL 14"),
        (a_file_in_the_way, "cannot be used"),
        (damaged_secrets, "is damaged"),
    ],
)
def test_a_data_folder_that_is_no_good(folder: Path, spoil: Callable[[Path], None], expected: str) -> None:
    spoil(folder)
    for path in folder.rglob("*"):
        path.chmod(0o755)
    assert expected in refusal(folder, "up", PORT=str(free_port()))


def test_no_permission_to_write(folder: Path) -> None:
    closed = forbidden_folder()
    line = refusal(folder, "up", PORT=str(free_port()), FRONTDESK_DATA_DIR=str(closed))
    assert line.startswith(f"No permission to write in {closed}")


def test_production_is_started_otherwise(folder: Path) -> None:
    settings = {
        "FRONTDESK_ENV": "production",
        "DATABASE_URL": "postgresql://a@127.0.0.1/b",
        "JWT_SECRET": "s" * 40,
        "DATA_KEY": "d" * 40,
        "SMTP_URL": "smtp://127.0.0.1",
        "MAIL_FROM": "a@example.com",
        "PUBLIC_URL": "https://desk.example.com",
    }
    assert "not for production" in refusal(folder, "up", **settings)


def test_it_ends_when_whoever_began_it_was_gone_before_it_could_look(folder: Path) -> None:
    running = Running(folder, [*FRONTDESK, "up"], environment(folder, PORT=str(free_port()), FRONTDESK_PARENT="1"))
    assert running.process.wait(timeout=PATIENCE) == 0
    assert not (folder / "data").exists()


def begin_on_a_full_disk(folder: Path) -> list[str] | None:
    """A command before the command: it puts a tiny file system at `<folder>/data`, where this machine lets us."""
    mount = f'mount -t tmpfs -o size=9m,mode=755 none {folder}/data && exec "$@"'
    as_before = ["unshare", "--map-user", str(os.getuid()), "--map-group", str(os.getgid())] if os.getuid() else []
    own = [
        "unshare",
        "--mount",
        *(["--map-root-user"] if os.getuid() else []),
        "/bin/sh",
        "-c",
        mount,
        "sh",
        *as_before,
    ]
    (folder / "data").mkdir()
    (folder / "data").chmod(0o755)
    is_possible = shutil.which("unshare") and subprocess.run([*own, "true"], capture_output=True, check=False)
    return own if is_possible and not is_possible.returncode else None


def test_a_full_disk(folder: Path) -> None:
    full = begin_on_a_full_disk(folder)
    if full is None:
        line = str(explained(OSError(errno.ENOSPC, "No space left on device"), folder))
    else:
        env = environment(folder, PORT=str(free_port()))
        done = subprocess.run(
            [*full, *FRONTDESK, "up"], cwd=folder, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 1
        line = done.stderr.strip()
    assert line.startswith("The disk is full")
    assert len(line.splitlines()) == 1
