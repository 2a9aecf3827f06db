"""Which addresses a tenant may have the server call."""

import asyncio
import socket
from contextlib import closing

import pytest

from infra.inner_networks import NotAllowed, is_public, outer_address, outer_socket
from tests.support.names import Names

INNER = [
    "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "0.0.0.1",
    "100.64.0.1", "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1%eth0", "fc00::1",
    "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::", "2001:db8::1", "192.0.0.8", "192.0.0.171", "192.88.99.1", "198.19.255.255", "240.0.0.1",
    "fec0::1", "feff::1", "3fff::1", "5f00::1", "100::1", "100:0:0:1::1", "64:ff9b:1::7f00:1", "2001:0:7f00:1::",
    "2001::80ff:fffe", "::7f00:1", "::ffff:0:7f00:1", "2001:10::1", "2001:20::1",
]  # fmt: skip
OUTER = ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", INNER)
def test_an_inner_address(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", OUTER)
def test_an_outer_address(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "2130706433", "0x7f.1", "127.1"])
async def test_no_spelling_of_an_inner_address_is_called_unless_it_is_allowed(name: str) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        port = listening.getsockname()[1]
        with pytest.raises(NotAllowed):
            await outer_socket(name, port, inner_allowed=False)
        opened = await outer_socket("127.0.0.1", port, inner_allowed=True)
        opened.close()
        listening.setblocking(False)
        came, _ = await asyncio.get_running_loop().sock_accept(listening)
        came.close()
        with pytest.raises(BlockingIOError):
            listening.accept()


@pytest.mark.parametrize("inner", ["10.0.0.1", "127.0.0.1", "fd00:ec2::254", "::ffff:169.254.169.254"])
@pytest.mark.parametrize("outer", ["8.8.8.8", "2606:4700:4700::1111"])
async def test_a_name_that_leads_inside_too_is_not_called(inner: str, outer: str) -> None:
    for both in ((outer, inner), (inner, outer)):
        names = Names({"calendar.example.com": [both]})
        with pytest.raises(NotAllowed):
            await outer_address("calendar.example.com", 443, inner_allowed=False, resolving=names)
        with pytest.raises(NotAllowed):
            await outer_socket("calendar.example.com", 443, inner_allowed=False, resolving=names)
    names = Names({"calendar.example.com": [(outer, "1.1.1.1")]})
    assert await outer_address("calendar.example.com", 443, inner_allowed=False, resolving=names) == outer
