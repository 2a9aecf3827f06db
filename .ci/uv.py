"""Prints where uv is: on the PATH, else in `.tools/`, where it is installed at the first run.

Installed with `venv` and pip; where Debian left these out, its wheel is fetched from the package index (PIP_INDEX_URL),
checked against the index's SHA-256, and unpacked. Uses the standard library only.
"""

import hashlib
import html.parser
import os
import platform
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

VERSION = "0.13.8"
OLDEST = (0, 8)
TOOLS = Path(__file__).resolve().parents[1] / ".tools"
INDEX = os.environ.get("PIP_INDEX_URL") or "https://pypi.org/simple"
TIMEOUT = float(os.environ.get("PIP_DEFAULT_TIMEOUT") or 60)


class Links(html.parser.HTMLParser):
    """The addresses on an index page (PEP 503)."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


def main() -> None:
    try:
        print(on_the_path() or in_tools() or with_pip() or from_the_index())
    except (OSError, LookupError, ValueError) as error:
        sys.exit(f"uv could not be installed: {error}. Install uv {VERSION} by hand, and see that it is on the PATH.")


def on_the_path() -> str | None:
    found = shutil.which("uv")
    return found if found and is_usable(found) else None


def in_tools() -> str | None:
    places = (TOOLS / "venv" / "bin" / "uv", TOOLS / "bin" / "uv")
    return next((str(place) for place in places if place.exists() and is_usable(str(place))), None)


def is_usable(program: str) -> bool:
    """A uv that runs, and that is new enough to read our lock file."""
    try:
        said = subprocess.run(  # noqa: S603 - ours, or the PATH's
            [program, "--version"], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    found = re.match(r"uv (\d+)\.(\d+)", said.stdout)
    return said.returncode == 0 and found is not None and (int(found[1]), int(found[2])) >= OLDEST


def with_pip() -> str | None:
    tell(f"Installing uv {VERSION} into .tools")
    place = TOOLS / "venv"
    steps = (
        [sys.executable, "-m", "venv", "--clear", str(place)],
        [str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", f"uv=={VERSION}"],
    )
    for step in steps:
        done = subprocess.run(step, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)  # noqa: S603 - fixed above
        if done.returncode:
            shutil.rmtree(place, ignore_errors=True)
            return None
    return in_tools()


def from_the_index() -> str:
    tell(f"Fetching uv {VERSION} from the package index, as this Python has no venv or pip")
    page = urllib.parse.urljoin(INDEX.rstrip("/") + "/", "uv/")
    links = Links()
    links.feed(fetch(page).decode())
    address, _, digest = best_of(links.found).partition("#sha256=")
    content = fetch(urllib.parse.urljoin(page, address))
    if hashlib.sha256(content).hexdigest() != digest:
        raise ValueError("the wheel is not the one that the index names")
    return unpack(content)


def best_of(links: list[str]) -> str:
    """The wheel of our version for this machine that has a digest; glibc is preferred, musl runs everywhere."""
    machine = platform.machine()
    wheels = [link for link in links if f"/uv-{VERSION}-py3-none-" in link and "#sha256=" in link]
    for kind in (f"manylinux_2_17_{machine}", f"manylinux_2_28_{machine}", f"musllinux_1_1_{machine}"):
        for link in wheels:
            if kind in link:
                return link
    raise LookupError(f"the index has no uv {VERSION} for {platform.system()} on {machine}")


def fetch(address: str) -> bytes:
    if not address.startswith(("https://", "http://", "file://")):
        raise ValueError(f"{address} is not an address of a package index")
    request = urllib.request.Request(address, headers={"Accept": "text/html"})  # noqa: S310 - its scheme was looked at
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310 - as above
        content: bytes = answer.read()
    return content


def unpack(content: bytes) -> str:
    wheel, program = TOOLS / "uv.whl", TOOLS / "bin" / "uv"
    program.parent.mkdir(parents=True, exist_ok=True)
    wheel.write_bytes(content)
    unfinished = program.with_name("uv.unfinished")
    with zipfile.ZipFile(wheel) as archive:
        unfinished.write_bytes(archive.read(f"uv-{VERSION}.data/scripts/uv"))
    unfinished.chmod(0o755)
    unfinished.replace(program)
    wheel.unlink()
    return str(program)


def tell(line: str) -> None:
    print(line, file=sys.stderr)


if __name__ == "__main__":
    main()
