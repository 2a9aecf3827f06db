"""How long a usual request takes while others dawdle over their heads and bodies (attack 188: under 500 ms at p99).

Against a running server, of which the first argument is the address: `RATE_LIMITS=off make up`, then
`python bench/slow_clients.py http://127.0.0.1:8000 1000 1000`.
"""

import asyncio
import http.client
import resource
import sys
import time
from urllib.parse import urlsplit

HEAD = b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n"
BODY = (
    b"POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Content-Length: 100000\r\n\r\n{"
)
REQUESTS = 300


async def dawdle(host: str, port: int, begun: bytes) -> float:
    """Send a byte a second until hung up on; say after how many seconds that was."""
    began = time.monotonic()
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(begun)
    try:
        while not writer.is_closing() and not reader.at_eof():
            writer.write(b"a")
            try:
                await asyncio.wait_for(reader.read(65536), 1)
            except TimeoutError:
                continue
    except ConnectionError:
        pass
    writer.close()
    return time.monotonic() - began


def usual(host: str, port: int) -> list[float]:
    """The times of requests one after the other, each on a connection of its own."""
    times = []
    for _ in range(REQUESTS):
        began = time.perf_counter()
        connection = http.client.HTTPConnection(host, port, timeout=30)
        connection.request("GET", "/health/live")
        connection.getresponse().read()
        connection.close()
        times.append((time.perf_counter() - began) * 1000)
    return sorted(times)


def show(what: str, times: list[float]) -> None:
    at = {"p50": times[len(times) // 2], "p99": times[len(times) * 99 // 100], "max": times[-1]}
    print(f"{what:<10}", "  ".join(f"{name} {value:6.1f} ms" for name, value in at.items()))


async def main(address: str, heads: int, bodies: int) -> None:
    parts = urlsplit(address)
    host, port = parts.hostname or "127.0.0.1", parts.port or 80
    show("alone", await asyncio.to_thread(usual, host, port))
    slow = [asyncio.create_task(dawdle(host, port, HEAD)) for _ in range(heads)]
    slow += [asyncio.create_task(dawdle(host, port, BODY)) for _ in range(bodies)]
    await asyncio.sleep(2)
    still = sum(not task.done() for task in slow)
    show("beside", await asyncio.to_thread(usual, host, port))
    lived = await asyncio.gather(*slow)
    print(f"{still} dawdled at once; the last was hung up on after {max(lived):.1f} s")


if __name__ == "__main__":
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
