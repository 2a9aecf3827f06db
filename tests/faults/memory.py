"""How much memory a process holds, and requests of all kinds to make it hold more. Attack C15 191."""

import asyncio
import itertools
import os
from collections import Counter
from pathlib import Path
from typing import Any

import httpx

from domains.shared.ids import new_id

_PAGE = os.sysconf("SC_PAGE_SIZE")
_LINES = 8
_AS_JSON = {"Content-Type": "application/json"}


def resident_megabytes(pid: int) -> float:
    """What it holds at present."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE / 1e6


def forget_peak(pid: int) -> None:
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def peak_megabytes(pid: int) -> float:
    """What it held at most since `forget_peak`."""
    status = Path(f"/proc/{pid}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024 / 1e6


def kind_of(number: int) -> tuple[str, str, dict[str, Any]]:
    """The request of this number: its method, address, and what else there is to it."""
    customer = {"name": f"Number {number}", "tags": [f"tag-{number}"]}
    kinds: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("POST", "/customers", {"json": customer}),
        ("POST", "/customers", {"json": customer, "headers": {"Idempotency-Key": f"key-{number}"}}),
        ("POST", "/customers", {"content": b'{"name":' + b"[" * (number % 1000), "headers": _AS_JSON}),
        ("GET", f"/customers/{new_id()}", {}),
        ("GET", "/customers", {"params": {"search": f"number {number}", "limit": "50"}}),
        ("GET", "/customers", {"params": {f"unknown-{number}": "1"}}),
        ("GET", "/customers", {"headers": {"Authorization": f"Bearer {number}"}}),
        ("GET", "/auth/me", {"headers": {"X-Request-Id": f"request-{number}"}}),
        ("POST", "/auth/refresh", {"json": {"refreshToken": f"fd_refresh_{number}"}}),
        ("GET", "/tenants/me/usage", {}),
        ("GET", "/appointments", {"params": {"limit": "5"}}),
        ("GET", "/quotes", {"params": {"status": f"unknown-{number}"}}),
        ("GET", "/invoices", {"params": {"limit": "5"}}),
        ("POST", "/quotes", {"json": {"customerId": str(new_id()), "items": []}}),
    )
    return kinds[number % len(kinds)]


class MixedRequests:
    """Reads, writes, refusals and nonsense in turn, over a few connections, by each of `tokens`."""

    def __init__(self, port: int, tokens: list[str]) -> None:
        self.statuses: Counter[int] = Counter()
        self._base = f"http://127.0.0.1:{port}/api/v1"
        self._tokens = tokens
        self._numbers = itertools.count()

    async def send(self, requests: int) -> None:
        await asyncio.gather(*(self._line(number, requests // _LINES) for number in range(_LINES)))

    async def _line(self, number: int, requests: int) -> None:
        token = self._tokens[number % len(self._tokens)]
        async with httpx.AsyncClient(base_url=self._base, timeout=30) as client:
            client.headers["Authorization"] = f"Bearer {token}"
            for _ in range(requests):
                method, path, more = kind_of(next(self._numbers))
                self.statuses[(await client.request(method, path, **more)).status_code] += 1
