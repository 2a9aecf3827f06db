"""People who sign in, and what is mailed to them."""

import re
from typing import Any

import httpx
import msgspec

from domains.shared.ids import new_id
from tests.support.house import House
from tests.support.registrations import PASSWORD, an_address, log_in, verified

NEW_PASSWORD = "Another-Horse-8"


class SignedUp(msgspec.Struct, frozen=True):
    """Somebody with an account and a tenant of their own, and the token of a session."""

    email: str
    token: str
    tenant: dict[str, Any]
    user: dict[str, Any]


async def signed_up(house: House, **fields: Any) -> SignedUp:
    """Register, confirm, and be signed in. The tenant's name is its own."""
    email = an_address()
    answer = await verified(house, email, **{"tenantName": f"Harbor {new_id().hex[-12:]}", **fields})
    return SignedUp(email, answer["accessToken"], answer["tenant"], answer["user"])


async def post(house: House, path: str, body: dict[str, Any], token: str | None = None) -> httpx.Response:
    async with house.client(token) as client:
        return await client.post(path, json=body)


async def again(house: House, email: str, password: str = PASSWORD, **fields: Any) -> str:
    """Log in once more: the token."""
    answer = await log_in(house, email, password, **fields)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["accessToken"])


async def is_live(house: House, token: str) -> bool:
    """Whether the session of this token is."""
    async with house.client(token) as client:
        return (await client.get("/auth/me")).status_code == 200


async def mailed_token(house: House, email: str, page: str) -> str:
    """The token in the newest link to `page` that was mailed to `email`; empty where there is none."""
    await house.follow_up()
    for mail in house.mail_to(email):
        if found := re.search(rf"/{page}#token=([A-Za-z0-9_-]+)", mail.text):
            return found[1]
    return ""


def subjects(house: House, email: str) -> list[str]:
    """Of what was mailed, the newest first."""
    return [mail.subject for mail in house.mail_to(email)]
