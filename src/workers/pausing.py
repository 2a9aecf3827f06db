"""Waiting between two turns, for as long as nobody wishes to stop."""

import asyncio


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """So long, or until `stop`."""
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
