"""Customers made over HTTP."""

import itertools
from typing import Any

import httpx

_numbers = itertools.count(1)


async def make_customer(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.post("/customers", json={"name": f"Customer {next(_numbers)}"})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made
