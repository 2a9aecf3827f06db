"""The catalogue keeps every rule. That each rule can be broken is shown in `tests/faults`."""

import asyncpg
import pytest

from tests.security.catalogue import RULES
from tests.support.databases import TestDatabase


@pytest.mark.parametrize("name", RULES)
async def test_the_schema_keeps_the_rule(database: TestDatabase, name: str) -> None:
    catalogue = await asyncpg.connect(database.admin)
    try:
        assert await RULES[name].findings(catalogue) == []
    finally:
        await catalogue.close()
