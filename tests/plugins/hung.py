"""Tells of a test that hangs, before its time is over: its name, and where each of its tasks waits.

Its time is pytest's `faulthandler_timeout`, setup and teardown included. Then its process is ended, whatever it is at,
and xdist goes on with another one.
"""

import asyncio
import gc
import sys
import threading
from collections.abc import Generator, Iterator
from types import CoroutineType
from typing import Any

import pytest

_TOLD_AT = 0.75


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    seconds = _TOLD_AT * float(item.config.getini("faulthandler_timeout"))
    telling = threading.Timer(seconds, _tell, (item, f"{item.nodeid} has hung for {seconds:.0f} s"))
    telling.daemon = True
    if seconds:
        telling.start()
    try:
        return (yield)
    finally:
        telling.cancel()


def _tell(item: pytest.Item, what: str) -> None:
    lines = [what, *(f"  {task.get_name()}: {' > '.join(waiting(task.get_coro()))}" for task in _tasks())]
    capturing = item.config.pluginmanager.getplugin("capturemanager")
    assert capturing
    with capturing.global_and_fixture_disabled():
        sys.stderr.write("\n" + "\n".join(lines) + "\n")
        sys.stderr.flush()


def _tasks() -> list[asyncio.Task[Any]]:
    return [each for each in gc.get_objects() if isinstance(each, asyncio.Task) and not each.done()]


def waiting(coroutine: object) -> Iterator[str]:
    """The lines at which it waits, from its own to the innermost one."""
    while isinstance(coroutine, CoroutineType) and coroutine.cr_frame:
        code = coroutine.cr_code
        yield f"{code.co_filename}:{coroutine.cr_frame.f_lineno} {code.co_name}"
        coroutine = coroutine.cr_await
