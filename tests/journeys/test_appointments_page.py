"""The walk of docs/appointments.md with curl, word for word, against `frontdesk up`."""

import asyncio
import subprocess
from pathlib import Path

import pytest

from tests.frontdesk.commands import free_port, reachable_folder, up
from tests.journeys.test_readme import told_in_order, walk

PAGE = Path(__file__).parents[2] / "docs/appointments.md"
TOLD = (
    '"status":"scheduled"',
    "booking#token=",
    '"status":"waiting"',
    "204\n",
    '"status":"scheduled"',
    '"name":"Grace Hopper"',
    '"name":"Bob"',
    '"reason":"busy"',
)


@pytest.mark.curl
async def test_the_walk_tells_what_it_says() -> None:
    port = free_port()
    with reachable_folder() as folder, up(folder, PORT=str(port)) as running:
        await asyncio.to_thread(running.wait_for, "Ready")
        steps = walk(port, page=PAGE, section="A walk with curl")
        walked = await asyncio.to_thread(
            subprocess.run, ["bash", "-euo", "pipefail", "-c", steps], cwd=folder, capture_output=True, text=True,
            timeout=90, check=False,
        )  # fmt: skip
    assert walked.returncode == 0, walked
    assert told_in_order(walked.stdout, TOLD)
