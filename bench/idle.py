"""How much memory an API process holds: after its start, and after 200 requests.

`.venv/bin/python -m bench.idle [python]`. The process is run by that interpreter, whose environment is to be as the
image has it, else by this one, in which dishka loads pydantic because the tools for tests have brought it. Limit:
150 MB (10^6 bytes) idle. The first run compiles bytecode: what counts is the second.
"""

import asyncio
import sys

from bench.serving import Line, served

REQUESTS = 200
SETTLED_SECONDS = 3
OK = 200


async def main() -> None:
    if len(sys.argv) > 1:
        sys.executable = sys.argv[1]
    async with served(tenants=1) as at:
        await asyncio.sleep(SETTLED_SECONDS)
        print(f"idle: {at.resident_megabytes():.1f} MB")
        line = Line(at.port, at.tenants[0].owner.token)
        for _ in range(REQUESTS):
            if (status := await line.send("GET", "/customers")) != OK:
                raise RuntimeError(f"answered {status}")
        print(f"after {REQUESTS} requests: {at.resident_megabytes():.1f} MB")
        line.close()


if __name__ == "__main__":
    asyncio.run(main())
