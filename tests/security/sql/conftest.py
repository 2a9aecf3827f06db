"""Two tenants for each module."""

import pytest

from tests.security.two_tenants import TwoTenants, two_tenants
from tests.support.databases import TestDatabase


@pytest.fixture(scope="session")
async def tenants(database: TestDatabase) -> TwoTenants:
    return await two_tenants(database)
