"""A worker is killed at each point at which the sending of a letter waits: never twice, never lost in silence."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from tests.faults.doomed import POINTS, doomed
from tests.support.databases import TestDatabase
from tests.support.letters import TO, MoodyServer, moody_server
from tests.support.post_office import PostOffice, a_tenant, post_office


@pytest.fixture
async def server() -> AsyncIterator[MoodyServer]:
    async with moody_server() as moody:
        yield moody


@pytest.fixture
async def office(own_database: TestDatabase, server: MoodyServer) -> AsyncIterator[PostOffice]:
    async with post_office(own_database, server.url) as running:
        yield running


async def recover(office: PostOffice, tenant: UUID) -> None:
    """What a killed worker held is free after its lease, which is over now."""
    await office.let_time_pass(tenant)
    await office.work()
    await office.let_time_pass(tenant)
    await office.work()


async def test_killed_while_it_delivers(office: PostOffice, server: MoodyServer, own_database: TestDatabase) -> None:
    end, ends = ("", 0), dict[tuple[str, int], int]()
    async with doomed(own_database, server.url) as worker:
        for point in POINTS:
            server.taken.clear()
            tenant, envelope = a_tenant()
            await office.send(tenant, envelope)
            was_killed = await worker.dies("work", tenant, envelope, at=point)
            await recover(office, tenant)
            [(state, _, has_words)] = await office.states(tenant)
            end = state, server.taken.total()
            assert end in {("done", 1), ("unknown", 1), ("unknown", 0)}, point
            assert await office.raised(tenant) == (["unknown"] if state == "unknown" else [])
            assert has_words == (state == "unknown")
            ends[end] = ends.get(end, 0) + 1
            if not was_killed:
                break
    assert end == ("done", 1), "left alone, it is delivered"
    assert ends["done", 1] > 3
    assert ends["unknown", 1] > 0


@pytest.mark.parametrize(("what", "most"), [("send", 1), ("secret", 2)])
async def test_killed_while_it_writes_down(
    office: PostOffice, server: MoodyServer, own_database: TestDatabase, what: str, most: int
) -> None:
    counts, template, words = set(), "known_address", {"tenantName": "Harbor"}
    if what == "secret":
        template, words = "verification_code", {"displayName": "Grace", "tenantName": "Harbor", "code": "654321"}
    async with doomed(own_database, server.url) as worker:
        for point in POINTS:
            server.taken.clear()
            tenant, envelope = a_tenant()
            was_killed = await worker.dies(what, tenant, envelope, at=point)
            await office.send(tenant, envelope, template, **words)
            await recover(office, tenant)
            assert [state for state, _, _ in await office.states(tenant)] == ["done"], point
            assert 1 <= server.taken[TO] <= most
            counts.add(server.taken[TO])
            if not was_killed:
                break
    assert counts == set(range(1, most + 1))
