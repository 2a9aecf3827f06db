"""The walks with curl of the README and the page on imports, word for word, against `frontdesk up`."""

import asyncio
import re
import subprocess
from pathlib import Path

import pytest

from tests.frontdesk.commands import free_port, reachable_folder, up

ROOT = Path(__file__).parents[2]
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
    '"kind":"customer.import"',
    '"created":1',
    '"3","E-mail","invalid_email"',
    "ada@byron.example.com",
)


def walk(port: int) -> str:
    """All lines of both, for the API at `port`."""
    parts = block("README.md", "## Five minutes with curl") + block("docs/import.md", "## Importing")
    return parts.replace("localhost:8000", f"127.0.0.1:{port}")


def block(page: str, heading: str) -> str:
    section = (ROOT / page).read_text().split(heading)[1].split("\n## ")[0]
    found: str
    [found] = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    return found


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
    said, place = walked.stdout, 0
    for words in TOLD:
        place = said.find(words, place)
        assert place >= 0, (words, said)
