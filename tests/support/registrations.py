"""Businesses that register over HTTP, as anybody does."""

import re
from typing import Any

import httpx

from domains.shared.ids import new_id
from tests.support.house import House

PASSWORD = "Correct-Horse-7"
Answer = dict[str, Any]


def an_address() -> str:
    """An address that nobody has used."""
    return f"owner-{new_id().hex}@example.com"


def an_order(email: str, **fields: Any) -> Answer:
    return {
        "tenantName": "Harbor Plumbing",
        "email": email,
        "password": PASSWORD,
        "displayName": "Grace Hopper",
        "agreeToTerms": True,
        **fields,
    }


async def registered(house: House, email: str, **fields: Any) -> str:
    """Register, have the worker mail, and give the mailed code."""
    async with house.client() as client:
        answer = await client.post("/auth/register", json=an_order(email, **fields))
    assert (answer.status_code, answer.json()) == (202, {"verificationRequired": True}), answer.text
    return await mailed_code(house, email)


async def mailed_code(house: House, email: str) -> str:
    """The code in the newest letter to `email`; empty where it has none."""
    await house.follow_up()
    found = re.search(r"\b\d{6}\b", house.mail_to(email)[0].text)
    return found.group() if found else ""


async def verified(house: House, email: str, **fields: Any) -> Answer:
    """Register and confirm: the answer to the code."""
    code = await registered(house, email, **fields)
    answer = await verify(house, email, code)
    assert answer.status_code == 200, answer.text
    signed_in: Answer = answer.json()
    return signed_in


async def verify(house: House, email: str, code: str) -> httpx.Response:
    async with house.client() as client:
        return await client.post("/auth/verify-email", json={"email": email, "code": code})


async def log_in(
    house: House, email: str, password: str = PASSWORD, *, headers: dict[str, str] | None = None, **fields: Any
) -> httpx.Response:
    async with house.client() as client:
        return await client.post("/auth/login", json={"email": email, "password": password, **fields}, headers=headers)


def wrong(code: str, by: int = 1) -> str:
    """Another code."""
    return f"{(int(code) + by) % 1_000_000:06}"
