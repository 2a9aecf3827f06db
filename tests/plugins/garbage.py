"""Has Python's garbage collector leave alone what is there before the first test: nothing of that ever is garbage.

There is so much of it that each of the collector's longer rounds would stop the process for most of a second.
"""

import gc
from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()
