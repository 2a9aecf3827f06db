"""The files of an embedded server: where they lie, whose they are, and that only one server uses them."""

import hashlib
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from infra import file_lock
from infra.postgres.binaries import Binaries
from infra.postgres.server_failed import NO_SPACE, ServerFailed, disk_full
from infra.processes import SystemUser, start_child

ADMIN = "frontdesk_admin"
ELSEWHERE = Path("/var/lib/frontdesk")
CLEAN = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
_BUILTIN_LOCALES_SINCE = 17
_LEFTOVERS_SECONDS = 20


def locate(folder: Path) -> Path:
    """Where the data wanted in `folder` lie: there, or elsewhere if an earlier start had to put them elsewhere."""
    moved = _elsewhere(folder)
    return moved if not (folder / "pgdata").exists() and (moved / "pgdata").exists() else folder


def settle(folder: Path, user: SystemUser | None, say: Callable[[str], None]) -> Path:
    """Make the folder of the data. Where `user` cannot reach the one wanted, it is another one, and said so."""
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o755)
    home = locate(folder)
    if home == folder and user and not _reaches(user, folder):
        if (folder / "pgdata").exists():
            raise ServerFailed(f"PostgreSQL runs as {user.name}, who cannot reach {folder}. Open the folders above it.")
        home = _elsewhere(folder)
        home.mkdir(parents=True, exist_ok=True)
        ELSEWHERE.chmod(0o755)
        home.chmod(0o755)
    if home != folder and user:
        say(f"PostgreSQL runs as {user.name}, who cannot reach {folder}: the database is kept in {home}.")
    return home


def lock(folder: Path) -> IO[str]:
    """Take the folder for this process until the answer is closed."""
    try:
        return file_lock.take(folder / "postgres.lock")
    except file_lock.Held as held:
        raise ServerFailed(
            f"The data folder {folder} is in use by another Frontdesk (process {held.holder})."
        ) from None


def initialise(home: Path, binaries: Binaries, user: SystemUser | None, *, durable: bool = True) -> None:
    """Make the database cluster unless there is one. An interrupted attempt leaves nothing that counts."""
    if (home / "pgdata").exists():
        _check(home, binaries)
        return
    unfinished = home / "pgdata.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    _password_file(home, user)
    if user:
        user.own(unfinished)
    _initdb(home, unfinished, binaries, user, durable=durable)
    unfinished.rename(home / "pgdata")


def password(home: Path) -> str:
    return (home / "postgres.password").read_text(encoding="ascii").strip()


def wait_for_leftovers(pgdata: Path) -> None:
    """Wait until no process of an earlier, killed server is left, then forget it.

    Its process id may belong to another program by now, which Postgres would take for a living server.
    """
    deadline = time.monotonic() + _LEFTOVERS_SECONDS
    while left := _processes_in(pgdata):
        if time.monotonic() > deadline:
            raise ServerFailed(f"A PostgreSQL server that is not ours (process {left[0]}) still runs in {pgdata}.")
        time.sleep(0.05)
    if Path("/proc/self/cwd").exists():
        (pgdata / "postmaster.pid").unlink(missing_ok=True)


def _elsewhere(folder: Path) -> Path:
    return ELSEWHERE / hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]


def _reaches(user: SystemUser, folder: Path) -> bool:
    child = start_child(["/bin/sh", "-c", 'cd "$0"', folder], when_orphaned=signal.SIGKILL, user=user, cwd=Path("/"))
    return child.wait(timeout=20) == 0


def _check(home: Path, binaries: Binaries) -> None:
    try:
        made_by = (home / "pgdata" / "PG_VERSION").read_text(encoding="ascii").strip()
        password(home)
    except FileNotFoundError as error:
        raise ServerFailed(f"{home} is not a complete data folder: {error.filename} is missing.") from None
    if made_by != str(binaries.major):
        raise ServerFailed(
            f"The database in {home} was made by PostgreSQL {made_by}, and this is PostgreSQL {binaries.major}. "
            "Move that folder away, or set FRONTDESK_DATA_DIR to another one."
        )


def _password_file(home: Path, user: SystemUser | None) -> None:
    path = home / "postgres.password"
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_hex(24) + "\n")
    if user:
        user.own(path)


def _initdb(home: Path, target: Path, binaries: Binaries, user: SystemUser | None, *, durable: bool) -> None:
    builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    locale = builtin if binaries.major >= _BUILTIN_LOCALES_SINCE else ["--locale=C.UTF-8"]
    secret = f"--pwfile={home / 'postgres.password'}"
    options = ["-U", ADMIN, "-E", "UTF8", "-A", "scram-sha-256", secret, *locale, *([] if durable else ["-N"])]
    child = start_child(
        [binaries.folder / "initdb", "-D", target, *options],
        when_orphaned=signal.SIGKILL,
        user=user,
        env=CLEAN,
        cwd=Path("/"),
        output=subprocess.PIPE,
    )
    try:
        said = child.communicate(timeout=120)[0].decode(errors="replace")
    finally:
        child.kill()
    if child.returncode != 0:
        shutil.rmtree(target, ignore_errors=True)
        raise _refused(said, home)


def _refused(said: str, home: Path) -> ServerFailed:
    if NO_SPACE in said:
        return disk_full(home)
    lines = [line for line in said.splitlines() if "error:" in line or "FATAL" in line] or said.splitlines()[-1:]
    return ServerFailed(f"The database in {home} could not be made: {' '.join(lines) or 'initdb said nothing'}")


def _processes_in(pgdata: Path) -> list[str]:
    wanted = str(pgdata.resolve())
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str((process / "cwd").readlink()) == wanted:
                found.append(process.name)
        except OSError:
            continue
    return found
