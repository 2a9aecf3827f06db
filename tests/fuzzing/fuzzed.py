"""Schemathesis over the running application: positive, negative and stateful, with all of its checks."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from api.deadlines import DeadlineProtocol
from tests.support.house import House, cut_short
from tests.support.raw_http import serving

CONFIG = Path(__file__).with_name("schemathesis.toml")
_ENVIRONMENT = {**os.environ, "SCHEMATHESIS_HOOKS": str(Path(__file__).with_name("hooks.py"))}
_TESTS = re.compile(r"(?P<count>[\d,]+) generated")
_OPERATIONS = re.compile(r"Selected: \d+/(?P<all>\d+)\s+Tested: (?P<tested>\d+)")


class Run(msgspec.Struct, frozen=True):
    """How it ended, how many requests it made, how many operations it left out, and all that it said."""

    code: int
    cases: int
    left_out: int
    said: str


@asynccontextmanager
async def served(house: House) -> AsyncIterator[str]:
    """The application on a port, its event streams ended after their first part: a fuzzer waits for an end."""
    async with serving(cut_short(house.app), DeadlineProtocol) as port:
        yield f"http://127.0.0.1:{port}"


async def fuzz(house: House, token: str, *, examples: int, seed: int, folder: Path, more: tuple[str, ...] = ()) -> Run:
    """Ask every operation of the document, at most `examples` times in each way of asking."""
    async with served(house) as address:
        command = [
            str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(CONFIG), "run",
            f"{address}/openapi.json", "--url", address, "--header", f"Authorization: Bearer {token}",
            "--mode", "all", "--phases", "examples,coverage,fuzzing,stateful",
            "--max-examples", str(examples), "--seed", str(seed), "--suppress-health-check", "all",
            "--generation-database", "none", "--continue-on-failure", "--warnings", "off", "--no-color", *more,
        ]  # fmt: skip
        process = await asyncio.create_subprocess_exec(
            *command, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, env=_ENVIRONMENT
        )
        said = (await process.communicate())[0].decode(errors="replace")
    found, operations = _TESTS.search(said), _OPERATIONS.search(said)
    return Run(
        code=process.returncode or 0,
        cases=int(found["count"].replace(",", "")) if found else 0,
        left_out=int(operations["all"]) - int(operations["tested"]) if operations else -1,
        said=said,
    )
