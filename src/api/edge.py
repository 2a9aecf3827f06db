"""What the edge must know of the installation."""

from ipaddress import IPv4Network, IPv6Network

import msgspec

from domains.shared.limits import RateLimits


class EdgeSettings(msgspec.Struct, frozen=True, kw_only=True):
    """`public_url` has no trailing slash. `cors_origins` are exact origins: `https://app.example.com`.

    `trusted_proxies` stand before this server, and say truly for whom they ask.
    """

    version: str
    public_url: str = "http://localhost:8000"
    cors_origins: tuple[str, ...] = ()
    production: bool = False
    max_body_bytes: int = 1_048_576
    rate_limits: RateLimits = RateLimits.off()
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
