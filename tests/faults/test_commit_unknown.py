"""The connection is cut while something is committed: never a success, nor a word of nothing stored. Attack C16 202."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import msgspec
import pytest

from tests.faults.severed import COMMIT, Line, line_to
from tests.support.databases import TestDatabase
from tests.support.house import House, house_over
from tests.support.people import new_tenant


@pytest.fixture
async def severed(own_database: TestDatabase, tmp_path: Path) -> AsyncIterator[tuple[Line, House]]:
    """An application whose line to the database can be cut."""
    async with (
        line_to(own_database.app) as (line, near),
        house_over(msgspec.structs.replace(own_database, app=near), tmp_path) as house,
    ):
        yield line, house


async def stored(house: House) -> list[str]:
    inspector = await asyncpg.connect(house.database.admin)
    try:
        return [row["name"] for row in await inspector.fetch("select name from customers order by created_at")]
    finally:
        await inspector.close()


@pytest.mark.parametrize(("mark", "key"), [(COMMIT, {"Idempotency-Key": "a"}), (b"Grace", {})], ids=["commit", "alone"])
@pytest.mark.parametrize("is_committed", [False, True])
async def test_a_commit_whose_answer_is_lost(
    severed: tuple[Line, House], is_committed: bool, mark: bytes, key: dict[str, str]
) -> None:
    line, house = severed
    tenant = await new_tenant(house)
    async with house.client(tenant.owner.token) as client:
        assert (await client.post("/customers", json={"name": "Ada"})).status_code == 201
        (line.cut_after if is_committed else line.cut_before)(mark)
        answer = await client.post("/customers", json={"name": "Grace"}, headers=key)
        assert line.cuts == 1
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert "not known" in answer.json()["detail"]
        assert await stored(house) == (["Ada", "Grace"] if is_committed else ["Ada"])
        assert (await client.post("/customers", json={"name": "Edsger"})).status_code == 201
    assert (await stored(house))[-1] == "Edsger"
