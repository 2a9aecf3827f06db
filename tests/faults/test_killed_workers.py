"""Workers killed at random in the middle of what they do: all of it happens, once. Attacks 194, 198."""

from pathlib import Path

import pytest

from tests.faults.killed_workers import Trial
from tests.support.databases import TestDatabase
from tests.support.effects import with_tables

pytestmark = pytest.mark.breaks_invariants("tenants that nobody founded, and envelopes that nobody handles")


async def test_what_killed_workers_were_at_happens_exactly_once_and_in_order(
    own_database: TestDatabase, tmp_path: Path
) -> None:
    seen = await Trial(await with_tables(own_database), tmp_path, envelopes=500, kills=5).run()
    assert (seen.done, seen.missing, seen.twice, seen.out_of_order) == (540, 0, 0, 0), seen
    assert (seen.calls, seen.calls_missing) == (50, 0), seen
    assert seen.failed == 10, seen
    assert seen.longest_pause < 10, seen
