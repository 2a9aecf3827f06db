"""The walks with curl of the README and the pages in docs/, word for word, against `frontdesk up`."""

import asyncio
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.frontdesk.commands import free_port, reachable_folder, up

ROOT = Path(__file__).parents[2]
YEAR = datetime.now(UTC).year
OF_CUSTOMERS = (
    '"name":"Ada Lovelace"',
    '"status":"scheduled"',
    '"account":',
    '"name":"Grace Hopper"',
    '"total":1',
    '"tags":["vip"]',
    f'"number":"Q-{YEAR}-00001"',
    '"total":19598',
    '"status":"accepted"',
    f'"number":"INV-{YEAR}-00001"',
    '"amountDue":19598',
    '"status":"succeeded"',
    '"status":"paid"',
    '"movement":"payment"',
    '"closingBalance":0',
    "204\n",
    '"status":"in_meeting"',
    '"email":"emmy@harbor.example.com"',
    "401\n",
    "user.suspended",
    '"valid":true',
    "customers.jsonl",
    '"kind":"customer.import"',
    '"created":1',
    '"3","E-mail","invalid_email"',
    "ada@byron.example.com",
)
OF_THE_CALENDAR = (
    '"status":"scheduled"',
    "booking#token=",
    '"status":"waiting"',
    "204\n",
    '"status":"scheduled"',
    '"name":"Grace Hopper"',
    '"name":"Bob"',
    '"reason":"busy"',
)
WALKS = (
    (
        (
            ("README.md", "## One minute"),
            ("README.md", "## Five minutes with curl"),
            ("docs/import.md", "## Importing"),
        ),
        OF_CUSTOMERS,
    ),
    ((("docs/appointments.md", "## A walk with curl"),), OF_THE_CALENDAR),
)


def block(page: str, heading: str) -> str:
    section = (ROOT / page).read_text().split(heading)[1].split("\n## ")[0]
    found: str
    [found] = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    return found


@pytest.mark.curl
@pytest.mark.parametrize(("parts", "told"), WALKS, ids=["customers", "the calendar"])
async def test_a_walk_tells_what_it_says(parts: tuple[tuple[str, str], ...], told: tuple[str, ...]) -> None:
    port = free_port()
    steps = "".join(block(*part) for part in parts).replace("localhost:8000", f"127.0.0.1:{port}")
    with reachable_folder() as folder, up(folder, PORT=str(port)) as running:
        login = await asyncio.to_thread(running.wait_for, "Login")
        steps = steps.replace("<the printed password>", login.split()[-1])
        walked = await asyncio.to_thread(
            subprocess.run, ["bash", "-euo", "pipefail", "-c", steps], cwd=folder, capture_output=True, text=True,
            timeout=90, check=False,
        )  # fmt: skip
    assert walked.returncode == 0, walked
    place = 0
    for words in told:
        place = walked.stdout.find(words, place)
        assert place >= 0, (words, walked.stdout)
