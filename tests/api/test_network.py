"""Nobody chooses the network that they are counted under."""

from ipaddress import ip_network
from typing import Any, cast

import pytest

from api.network import Networks, network_of

PROXIES = tuple(ip_network(text) for text in ("10.0.0.0/8", "fd00::/8", "127.0.0.1/32"))
ALONE = Networks(())
BEHIND = Networks(PROXIES)


def scope(client: str | None, **headers: str | list[str]) -> Any:
    lines = [
        (name.replace("_", "-").encode(), value.encode())
        for name, values in headers.items()
        for value in ([values] if isinstance(values, str) else values)
    ]
    return cast("Any", {"client": (client, 50000) if client else None, "headers": lines, "state": {}})


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "unknown"),
        (None, "unknown"),
    ],
)
def test_an_address_and_its_network(address: str | None, network: str) -> None:
    asked = scope(address)
    assert ALONE.find(asked) == network
    assert network_of(asked) == network


@pytest.mark.parametrize("networks", [ALONE, BEHIND])
@pytest.mark.parametrize(
    "headers",
    [
        {"x_forwarded_for": "198.51.100.1"},
        {"x_forwarded_for": ["198.51.100.1", "10.0.0.1"]},
        {"forwarded": "for=198.51.100.1"},
        {"x_real_ip": "198.51.100.1"},
        {"cf_connecting_ip": "198.51.100.1"},
        {"true_client_ip": "198.51.100.1", "x_client_ip": "198.51.100.1"},
    ],
)
def test_a_stranger_is_not_believed(networks: Networks, headers: dict[str, str | list[str]]) -> None:
    assert networks.find(scope("203.0.113.7", **headers)) == "203.0.113.7"


@pytest.mark.parametrize(
    ("forwarded", "network"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("198.51.100.1:4711", "198.51.100.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("[2001:db8::1]:4711", "2001:db8::/64"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
        ("1.1.1.1, 198.51.100.1", "198.51.100.1"),
        (["1.1.1.1", "198.51.100.1, 10.2.3.4"], "198.51.100.1"),
        ("1.1.1.1, 198.51.100.1, fd00::1, 127.0.0.1", "198.51.100.1"),
        ("10.0.0.9", "10.0.0.9"),
        ("198.51.100.1, unknown", "10.0.0.1"),
        ("198.51.100.1, <script>", "10.0.0.1"),
        ("198.51.100.1,", "198.51.100.1"),
        ("", "10.0.0.1"),
        ([], "10.0.0.1"),
    ],
)
def test_a_proxy_is_believed_as_far_as_proxies_wrote(forwarded: str | list[str], network: str) -> None:
    assert BEHIND.find(scope("10.0.0.1", x_forwarded_for=forwarded)) == network


def test_of_a_proxy_only_one_header_is_read() -> None:
    asked = scope("10.0.0.1", x_forwarded_for="198.51.100.1", forwarded="for=1.1.1.1", x_real_ip="1.1.1.1")
    assert BEHIND.find(asked) == "198.51.100.1"
