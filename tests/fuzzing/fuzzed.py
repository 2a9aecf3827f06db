"""Schemathesis over the running application: positive, negative and stateful, with all of its checks."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from litestar.status_codes import HTTP_200_OK

from api.deadlines import DeadlineProtocol
from tests.fuzzing.business import furnished
from tests.support.house import House, cut_short
from tests.support.people import Tenant
from tests.support.raw_http import serving

CONFIG = Path(__file__).with_name("schemathesis.toml")
_ROOT = Path(__file__).parents[2]
_ENVIRONMENT = {**os.environ, "PYTHONPATH": str(_ROOT), "SCHEMATHESIS_HOOKS": str(Path(__file__).with_name("hooks.py"))}
_TESTS = re.compile(r"(?P<count>[\d,]+) generated")
_OPERATIONS = re.compile(r"Selected: \d+/(?P<all>\d+)\s+Tested: (?P<tested>\d+)")

_LINKS = re.compile(r"API Links:\s+(?P<covered>\d+) covered")


class Run(msgspec.Struct, frozen=True):
    """How it ended, how many requests it made, how many operations it left out, and all that it said.

    `links`: how many ways it went from what one operation answered to another operation. `is_signed_in`: whether its
    session is still open; else it met refusals only.
    """

    code: int
    cases: int
    left_out: int
    links: int
    is_signed_in: bool
    said: str


@asynccontextmanager
async def served(house: House) -> AsyncIterator[str]:
    """The application on a port, its event streams ended after their first part: a fuzzer waits for an end."""
    async with serving(cut_short(house.app), DeadlineProtocol) as port:
        yield f"http://127.0.0.1:{port}"


async def fuzz(
    house: House, tenant: Tenant, *, examples: int, seed: int, folder: Path, more: tuple[str, ...] = ()
) -> Run:
    """Ask every operation of the document, at most `examples` times in each way of asking.

    The fuzzer reads the document from a file: it waits ten seconds for one from a server, however busy that is.
    """
    await furnished(house, tenant)
    document = folder / "openapi.json"
    async with house.root_client() as client:
        document.write_bytes((await client.get("/openapi.json")).content)
    async with served(house) as address:
        command = [
            str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(CONFIG), "run",
            str(document), "--url", address, "--header", f"Authorization: Bearer {tenant.owner.token}",
            "--mode", "all", "--phases", "examples,coverage,fuzzing,stateful",
            "--max-examples", str(examples), "--seed", str(seed), "--suppress-health-check", "all",
            "--generation-database", "none", "--continue-on-failure", "--warnings", "off", "--no-color", *more,
        ]  # fmt: skip
        process = await asyncio.create_subprocess_exec(
            *command, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, env=_ENVIRONMENT
        )
        said = (await process.communicate())[0].decode(errors="replace")
    async with house.client(tenant.owner.token) as client:
        end = await client.get("/auth/me")
    found, operations, links = _TESTS.search(said), _OPERATIONS.search(said), _LINKS.search(said)
    return Run(
        code=process.returncode or 0,
        cases=int(found["count"].replace(",", "")) if found else 0,
        left_out=int(operations["all"]) - int(operations["tested"]) if operations else -1,
        links=int(links["covered"]) if links else 0,
        is_signed_in=end.status_code == HTTP_200_OK,
        said=said,
    )
