"""Attack C13 172: a fuzzer that knows the document finds nothing.

The long form, with the phase `coverage` that takes minutes, is `make soak-fuzz`.
"""

from pathlib import Path

from tests.fuzzing.fuzzed import fuzz
from tests.support.house import House
from tests.support.people import Tenant

SHORT = ("--phases", "examples,fuzzing,stateful")


async def test_a_fuzzer_that_knows_the_document_finds_nothing(house: House, tenant: Tenant, tmp_path: Path) -> None:
    run = await fuzz(house, tenant, examples=2, seed=172, folder=tmp_path, more=SHORT)
    assert run.code == 0, run.said[-20_000:]
    assert run.is_signed_in
    assert run.cases > 300, run.said[-2_000:]
    assert run.left_out == 4, "all but those that would end the fuzzer's own session"
    assert all(f"✅ {phase}" in run.said for phase in ("Examples", "Fuzzing", "Stateful")), run.said[-2_000:]
