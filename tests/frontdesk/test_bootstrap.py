"""`.ci/uv.py`: where uv comes from on a machine that has nothing but Python."""

import hashlib
import http.server
import os
import platform
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "uv.py"
VERSION = "0.13.8"
WHEEL = f"uv-{VERSION}-py3-none-manylinux_2_17_{platform.machine()}.manylinux2014_{platform.machine()}.whl"


def imitation(version: str) -> str:
    return f"#!/bin/sh\necho 'uv {version}'\n"


class Index:
    """A package index on this machine that has one wheel."""

    def __init__(self, folder: Path) -> None:
        self._page = folder / "simple" / "uv"
        self._page.mkdir(parents=True)
        with zipfile.ZipFile(folder / WHEEL, "w") as archive:
            archive.writestr(f"uv-{VERSION}.data/scripts/uv", imitation(VERSION))
        self.digest = hashlib.sha256((folder / WHEEL).read_bytes()).hexdigest()
        self.name(self.digest)

    def name(self, digest: str) -> None:
        old = f"<a href='../../uv-0.1.0-py3-none-any.whl#sha256={digest}'>old</a>"
        (self._page / "index.html").write_text(f"{old}<a href='../../{WHEEL}#sha256={digest}'>{WHEEL}</a>")


@pytest.fixture
def index(tmp_path: Path) -> Iterator[tuple[Index, str]]:
    """The index, and its address."""
    folder = tmp_path / "index"
    folder.mkdir()
    made = Index(folder)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=str(folder))  # type: ignore[arg-type]  # as the server calls it

        def log_message(self, *said: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield made, f"http://127.0.0.1:{server.server_address[1]}/simple"
        server.shutdown()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with the script, for a Python that has neither venv nor pip, as Debian ships it."""
    (tmp_path / "repository" / ".ci").mkdir(parents=True)
    shutil.copy(SCRIPT, tmp_path / "repository" / ".ci" / "uv.py")
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / "venv.py").write_text("raise SystemExit('ensurepip is not available')\n")
    return tmp_path / "repository"


def asked(repository: Path, *, index: str = "http://127.0.0.1:1", path: str = "") -> subprocess.CompletedProcess[str]:
    env = {"PATH": f"{path}:/usr/bin:/bin", "PYTHONPATH": str(repository.parent / "hidden"), "PIP_INDEX_URL": index}
    script = repository / ".ci" / "uv.py"
    return subprocess.run([sys.executable, script], env=env, capture_output=True, text=True, timeout=60, check=False)


def test_it_comes_from_the_index_once(repository: Path, index: tuple[Index, str]) -> None:
    first = asked(repository, index=index[1])
    assert first.stdout.strip() == str(repository / ".tools" / "bin" / "uv"), first
    assert "Fetching" in first.stderr
    assert subprocess.run([first.stdout.strip()], capture_output=True, check=True).stdout == b"uv 0.13.8\n"
    again = asked(repository)
    assert (again.stdout, again.stderr) == (first.stdout, "")


def test_a_wheel_that_is_not_the_one_named_is_refused(repository: Path, index: tuple[Index, str]) -> None:
    index[0].name("0" * 64)
    done = asked(repository, index=index[1])
    assert done.returncode == 1
    assert "the wheel is not the one that the index names" in done.stderr
    assert not (repository / ".tools" / "bin" / "uv").exists()


def test_an_index_without_a_digest_is_not_trusted(repository: Path, index: tuple[Index, str]) -> None:
    index[0].name("")
    done = asked(repository, index=index[1])
    assert done.returncode == 1
    assert not (repository / ".tools" / "bin" / "uv").exists()


def test_no_index_is_one_clear_line(repository: Path) -> None:
    done = asked(repository)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("uv could not be installed: ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("version", "is_taken"), [("0.13.8", True), ("1.0.0", True), ("0.4.1", False)])
def test_one_on_the_path_is_taken_if_it_is_new_enough(
    repository: Path, index: tuple[Index, str], version: str, is_taken: bool
) -> None:
    place = repository.parent / "bin"
    place.mkdir()
    (place / "uv").write_text(imitation(version))
    (place / "uv").chmod(0o755)
    found = asked(repository, index=index[1], path=os.fspath(place)).stdout.strip()
    assert found == str(place / "uv" if is_taken else repository / ".tools" / "bin" / "uv")
