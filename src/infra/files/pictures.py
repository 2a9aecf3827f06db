"""Pictures that people send, drawn anew by a process of its own for each."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE

from domains.shared.errors import ValidationFailed
from domains.tenants import Picture

_SECONDS = 15.0
_PROGRAM = ("-I", "-m", "infra.files.redrawing")
_WIDTH, _HEIGHT = slice(16, 20), slice(20, 24)


class PillowPictures:
    """The `Pictures`. At most two at a time."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(2)

    async def logo(self, content: bytes) -> Picture:
        async with self._places:
            png = await _redrawn(content)
        return Picture(png, int.from_bytes(png[_WIDTH]), int.from_bytes(png[_HEIGHT]))


async def _redrawn(content: bytes) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable, *_PROGRAM, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env={}, cwd="/"
    )
    try:
        async with asyncio.timeout(_SECONDS):
            drawn, _ = await process.communicate(content)
    except TimeoutError:
        raise _refusal() from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode or not drawn:
        raise _refusal()
    return drawn


def _refusal() -> ValidationFailed:
    return ValidationFailed.of("file", "invalid_picture", "Expected a PNG or a JPEG of at most 25 million pixels.")
