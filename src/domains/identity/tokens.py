"""Tokens that are mailed in a link: long, random, and kept as a digest only."""

import hashlib
import secrets
from typing import Annotated

import msgspec

_BYTES = 32

LinkToken = Annotated[
    str,
    msgspec.Meta(
        min_length=43,
        max_length=43,
        pattern=r"^[A-Za-z0-9_-]{43}$(?!\n)",
        examples=["kTc0vSb2Jr1dY3WkzH1c6mQmYzqfYvN7o0aU4m3pX9E"],
    ),
]


class MailedLink(msgspec.Struct, frozen=True):
    """Where the web application is. Links lead there, and never to where a request claims to come from."""

    web_url: str

    def to(self, page: str, token: str) -> str:
        """The token stands behind `#`: no server on the way, and no log, is told of it."""
        return f"{self.page(page)}#token={token}"

    def page(self, page: str) -> str:
        return f"{self.web_url}/{page}"


def new_token() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(_BYTES)


def digest_of(token: str) -> bytes:
    """SHA-256: what is as long and random as this needs no slower one."""
    return hashlib.sha256(token.encode()).digest()
