"""What the edge must know of the installation."""

import msgspec


class EdgeSettings(msgspec.Struct, frozen=True, kw_only=True):
    """`public_url` has no trailing slash. `cors_origins` are exact origins: `https://app.example.com`."""

    version: str
    public_url: str = "http://localhost:8000"
    cors_origins: tuple[str, ...] = ()
    production: bool = False
    max_body_bytes: int = 1_048_576
