"""Each fault of the schema is found by the checks that are named for it, and the sound schema by none."""

import asyncpg
import pytest

from tests.faults.sql_faults import FAULTS, MATRIX, SqlFault, findings, missed_by
from tests.security.catalogue import RULES
from tests.support.databases import Databases, TestDatabase


@pytest.fixture(scope="module")
async def empty(databases: Databases) -> TestDatabase:
    """Without rows: some faults could not be planted among other tests' tenants."""
    return await databases.new()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_a_planted_fault_is_found(empty: TestDatabase, fault: SqlFault) -> None:
    inspector = await asyncpg.connect(empty.admin)
    try:
        assert await missed_by(inspector, fault) == []
        for check in fault.caught_by:
            assert await findings(inspector, check, fault) == [], "found in the sound schema too"
    finally:
        await inspector.close()


def test_every_rule_has_a_fault_that_it_finds() -> None:
    planted = {check for fault in FAULTS for check in fault.caught_by}
    assert {*RULES, MATRIX} == planted
