"""The README's walk with curl, word for word, against `frontdesk up`."""

import asyncio
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.frontdesk.commands import free_port, reachable_folder, up

README = Path(__file__).parents[2] / "README.md"
TOLD = (
    '"name":"Grace Hopper"',
    '"total":1',
    '"tags":["vip"]',
    "204\n",
    '"status":"in_meeting"',
    '"email":"grace@harbor.example.com"',
    "401\n",
    "user.suspended",
    '"valid":true',
    "customers.jsonl",
)


def walk(port: int, *, page: Path = README, section: str = "Five minutes with curl") -> str:
    """All lines of the section, for the API at `port`."""
    found = page.read_text().split(f"## {section}")[1]
    block: str
    [block] = re.findall(r"```sh\n(.*?)```", found.split("\n## ")[0], re.DOTALL)
    return block.replace("localhost:8000", f"127.0.0.1:{port}")


def told_in_order(said: str, words: Iterable[str]) -> bool:
    """Whether all of it is there, one after the other."""
    place = 0
    for each in words:
        place = said.find(each, place)
        assert place >= 0, (each, said)
    return True


@pytest.mark.curl
async def test_the_walk_tells_what_it_says() -> None:
    port = free_port()
    with reachable_folder() as folder, up(folder, PORT=str(port)) as running:
        await asyncio.to_thread(running.wait_for, "Ready")
        walked = await asyncio.to_thread(
            subprocess.run, ["bash", "-euo", "pipefail", "-c", walk(port)], cwd=folder, capture_output=True, text=True,
            timeout=60, check=False,
        )  # fmt: skip
    assert walked.returncode == 0, walked
    assert told_in_order(walked.stdout, TOLD)
