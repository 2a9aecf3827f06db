"""Clients that dawdle, flood or lie, over real sockets, with short deadlines."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from api.deadlines import DeadlineProtocol, Patience
from tests.support.raw_http import RawClient, raw_client, serving

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
HUGE = 8_000_000


class Hasty(DeadlineProtocol):
    """All deadlines within a second."""

    patience = Patience(
        head_seconds=0.5,
        body_seconds=0.5,
        body_bytes_a_second=1000,
        read_seconds=0.5,
        linger_seconds=0.5,
        head_bytes=8192,
        headers=20,
    )


class Patient(DeadlineProtocol):
    """Deadlines that nobody meets by chance, however busy the machine is."""

    patience = Patience(head_seconds=3, body_seconds=3)


async def echoing(scope: Any, receive: Any, send: Any) -> None:
    """Answers a body with its length; `/early` without reading it, `/huge` with more than anybody's buffers hold."""
    length = 0
    while scope["path"] != "/early":
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        length += len(message["body"])
        if not message["more_body"]:
            break
    body = b"x" * HUGE if scope["path"] == "/huge" else b"%d" % length
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body[:HUGE], "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def dawdling(port: int, *parts: bytes) -> RawClient:
    client = await RawClient.connect(port)
    await client.send(*parts)
    return client


@pytest.fixture
async def port() -> AsyncIterator[int]:
    async with serving(echoing, Hasty, timeout_keep_alive=1) as port:
        yield port


@pytest.fixture
async def client(port: int) -> AsyncIterator[RawClient]:
    async with raw_client(port) as client:
        yield client


async def dripped(client: RawClient, part: bytes) -> int | None:
    """The answer to one who sends a little every now and then."""
    dripping = asyncio.create_task(client.drip(part, every=0.1))
    answer = await client.rest()
    await dripping
    assert answer.is_closed
    return answer.status


async def test_who_says_nothing_is_cut_off_without_a_word(client: RawClient) -> None:
    answer = await client.rest()
    assert (answer.text, answer.is_closed) == (b"", True)


@pytest.mark.parametrize("begun", [b"G", b"GET / HTTP/1.1\r\nHost: localhost\r\n", b"GET / HTTP/1.1\r\nX-Long: a"])
async def test_a_head_that_comes_slowly(client: RawClient, begun: bytes) -> None:
    await client.send(begun)
    assert await dripped(client, b"a") in {400, 408}


async def test_a_slow_head_is_answered_as_a_problem(client: RawClient) -> None:
    await client.send(GET[:-2])
    answer = await client.rest()
    head, _, body = answer.text.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 ")
    assert b"content-type: application/problem+json" in head
    assert b"connection: close" in head
    assert b'"code":"validation_error"' in body
    assert b"content-length: %d\r\n" % len(body) in head


async def test_line_ends_alone_keep_no_connection(client: RawClient) -> None:
    assert await dripped(client, b"\r\n") is None


async def test_nor_do_they_after_an_answer(client: RawClient) -> None:
    await client.send(GET)
    assert (await client.some()).startswith(b"HTTP/1.1 200")
    assert await dripped(client, b"\r\n") == 408


@pytest.mark.parametrize("head", [POST % 100_000, CHUNKED])
async def test_a_body_that_comes_slowly(client: RawClient, head: bytes) -> None:
    await client.send(head)
    assert await dripped(client, b"1\r\na\r\n" if head == CHUNKED else b"a") == 408


async def test_a_body_that_stops(client: RawClient) -> None:
    await client.send(POST % 100_000, b"a" * 1000)
    answer = await client.rest()
    assert (answer.status, answer.is_closed) == (408, True)


async def test_a_body_that_comes_steadily_may_take_its_time(client: RawClient) -> None:
    await client.send(POST % 5000)
    for _ in range(10):
        await client.send(b"a" * 500)
        await asyncio.sleep(0.15)
    assert (await client.some()).startswith(b"HTTP/1.1 200")


async def test_endless_trailers_and_chunk_extensions(port: int) -> None:
    async with raw_client(port) as trailing, raw_client(port) as extending:
        await trailing.send(CHUNKED, b"0\r\n", *(b"X-%d: a\r\n" % number for number in range(1000)))
        await extending.send(CHUNKED, b"1;")
        assert await dripped(extending, b"a") == 408
        answer = await trailing.rest()
        assert (answer.status, answer.is_closed) == (431, True)


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"a" * 20_000,
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"a" * 9000 + b"\r\n\r\n",
        b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: a\r\n" * 30 + b"\r\n",
        b"GET / HTTP/1.1\r\n" + b"a" * 20_000,
    ],
)
async def test_a_head_that_is_too_large(client: RawClient, head: bytes) -> None:
    for start in range(0, len(head), 1000):
        await client.send(head[start : start + 1000])
    answer = await client.rest()
    assert (answer.status, answer.is_closed) == (431, True)


async def test_a_head_of_usual_size_passes(client: RawClient) -> None:
    await client.send(GET[:-2] + b"".join(b"X-%d: %s\r\n" % (number, b"a" * 300) for number in range(18)) + b"\r\n")
    assert (await client.some()).startswith(b"HTTP/1.1 200")


async def test_who_does_not_read_the_answer(port: int) -> None:
    async with raw_client(port, receive_buffer=4096) as client:
        await client.send(GET.replace(b"/ ", b"/huge "))
        for _ in range(20):
            await asyncio.sleep(0.1)
        answer = await client.rest()
        assert answer.is_closed
        assert len(answer.text) < HUGE


async def test_an_early_answer_does_not_buy_time_for_the_body(client: RawClient) -> None:
    await client.send((POST % 100_000).replace(b"/ ", b"/early "))
    assert await dripped(client, b"a") == 200


async def test_several_requests_on_one_connection(client: RawClient) -> None:
    for number in range(5):
        await client.send(POST % 10, b"a" * 10)
        assert (await client.some()).endswith(b"10"), number
        await asyncio.sleep(0.3)
    await client.send(GET + GET + GET)
    received = b""
    while received.count(b"HTTP/1.1 200") < 3:
        received += await client.some()
    answer = await client.rest()
    assert (answer.text, answer.is_closed) == (b"", True)


@pytest.mark.parametrize(
    "request_",
    [
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nhello",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\nhello",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\nhello",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\nhello",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\na\n0\n\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n folded\r\n\r\n",
        b"GET / HTTP/1.1\nHost: a\n\n",
        b"GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n",
        b"GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
        b"GET / HTTP/9.1\r\nHost: a\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
async def test_what_could_be_read_in_two_ways_is_not_read(client: RawClient, request_: bytes) -> None:
    await client.send(request_)
    answer = await client.rest()
    assert (answer.status, answer.is_closed) == (400, True)
    assert answer.text.count(b"HTTP/1.1 ") == 1


async def test_four_hundred_who_dawdle_keep_nobody_from_being_served() -> None:
    async with serving(echoing, Patient) as port:
        heads = [await dawdling(port, GET[:-2]) for _ in range(200)]
        bodies = [await dawdling(port, POST % 1000, b"a") for _ in range(200)]
        async with httpx.AsyncClient() as other:
            assert (await other.get(f"http://127.0.0.1:{port}/")).status_code == 200
        answers = await asyncio.gather(*(client.rest() for client in heads + bodies))
        assert all(answer.is_closed for answer in answers)
        assert {answer.status for answer in answers} == {408}
        for client in heads + bodies:
            client.close()
