"""`frontdesk letters` and `frontdesk inbox`, as processes, on a test's database."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domains.shared.ids import new_id
from tests.frontdesk.commands import refusal, run
from tests.support.databases import TestDatabase
from tests.support.letters import TO, Mood, MoodyServer, moody_server
from tests.support.post_office import PostOffice, a_tenant, post_office


@pytest.fixture
async def server() -> AsyncIterator[MoodyServer]:
    async with moody_server() as moody:
        yield moody


@pytest.fixture
async def office(own_database: TestDatabase, server: MoodyServer) -> AsyncIterator[PostOffice]:
    async with post_office(own_database, server.url) as running:
        yield running


@pytest.fixture
def settings(own_database: TestDatabase) -> dict[str, str]:
    return {
        "DATABASE_URL": own_database.app,
        "DATABASE_OWNER_URL": own_database.owner,
        "DATABASE_RELAY_URL": own_database.relay,
        "JWT_SECRET": "a secret that only tests know, and long enough",
    }


@pytest.mark.breaks_invariants("tenants that nobody founded, and envelopes that nobody handles")
async def test_a_letter_in_doubt_is_listed_and_sent_again(
    office: PostOffice, server: MoodyServer, settings: dict[str, str], tmp_path: Path
) -> None:
    tenant, envelope = a_tenant()
    server.mood = Mood.LEAVES_AFTER_THE_DOT
    await office.send(tenant, envelope)
    await office.work()
    server.mood = Mood.TAKES
    listed = await asyncio.to_thread(run, tmp_path, "letters", "list", **settings)
    [line] = listed.stdout.splitlines()
    owner, letter, state, _ = line.split()
    assert (owner, state) == (str(tenant), "unknown")
    done = await asyncio.to_thread(run, tmp_path, "letters", "resend", letter, **settings)
    assert (done.returncode, done.stdout) == (0, f"{letter}: to be sent again.\n")
    await office.work()
    assert server.taken == {TO: 2}
    assert (await asyncio.to_thread(run, tmp_path, "letters", "list", **settings)).stdout == ""
    assert letter in await asyncio.to_thread(refusal, tmp_path, "letters", "dismiss", letter, **settings)


@pytest.mark.breaks_invariants("tenants that nobody founded, and envelopes that nobody handles")
async def test_what_is_stuck_in_the_inbox_is_listed_and_replayed(
    office: PostOffice, settings: dict[str, str], tmp_path: Path
) -> None:
    tenant, delivery = a_tenant()
    await office.rows(
        "insert into inbox (tenant_id, id, integration_id, provider, event_id, body, received_at)"
        " values ($1, $2, $2, 'nobody', 'evt', '{}', now())",
        tenant,
        delivery,
    )
    await office.rows(
        "insert into work.envelopes (tenant_id, id, kind, subject_id, due_at, parked_at)"
        " values ($1, $2, 'inbox.apply', $3, now(), now())",
        tenant,
        new_id(),
        delivery,
    )
    listed = await asyncio.to_thread(run, tmp_path, "inbox", "list", **settings)
    assert listed.stdout.split()[:3] == [str(tenant), str(delivery), "parked"]
    done = await asyncio.to_thread(run, tmp_path, "inbox", "replay", str(delivery), **settings)
    assert (done.returncode, done.stdout) == (0, f"{delivery}: to be applied.\n")
    [waiting] = await office.rows("select parked_at from work.envelopes where subject_id = $1", delivery)
    assert waiting["parked_at"] is None
    assert "--tenant" in await asyncio.to_thread(refusal, tmp_path, "inbox", "replay", str(delivery), **settings)
    again = await asyncio.to_thread(
        run, tmp_path, "inbox", "replay", str(delivery), "--tenant", str(tenant), **settings
    )
    assert again.returncode == 0
