"""A client of the toy application: real ASGI, no network. What escapes the application is raised in the test."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.api.toy import client_of, toy_app


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(toy_app()) as client:
        yield client
