"""The ports `Registrations`, `Accounts` and `Members`: memory and Postgres keep the same promises."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from domains.identity import (
    Accounts,
    CompletedRegistration,
    ConfirmedRegistration,
    Members,
    NewTenant,
    RefreshTokens,
    Register,
    Registration,
    Registrations,
    SessionTerms,
)
from domains.shared.ids import new_id
from domains.shared.permissions import Role
from domains.shared.work import UnitOfWork
from infra.postgres.database import Database
from infra.postgres.identity import PostgresAccounts, PostgresRegistrations
from infra.postgres.members import PostgresMembers
from infra.postgres.recording import Origin
from infra.postgres.work import PostgresWork
from tests.support.databases import TestDatabase
from tests.support.fakes import MemoryWork
from tests.support.fakes_identity import MemoryAccounts, MemoryMembers, MemoryRegistrations
from tests.support.fakes_quotas import MemoryQuotas
from tests.support.registrations import an_address
from tests.support.work import CLOCK

DIGEST, OTHER = b"digest", b"other digest"
SOON = timedelta(minutes=10)


class Directory:
    """One place where registrations become accounts."""

    def __init__(self, registrations: Registrations, accounts: Accounts, members: Members, work: UnitOfWork) -> None:
        self.registrations = registrations
        self.accounts = accounts
        self.members = members
        self.work = work
        self.now = CLOCK.now()

    async def registered(self, email: str, **fields: Any) -> Registration:
        order = {"tenant_name": f"Harbor {email[-20:-12]}", "email": email, "password": "Correct-Horse-7"}
        made = Register(**{**order, "display_name": "Grace Hopper", "agree_to_terms": True, **fields})
        found = Registration.start(made, now=self.now)
        async with self.work.within(found.tenant):
            await self.registrations.add(found, password_hash=f"hash {found.id}")
        return found

    async def with_code(self, email: str, digest: bytes = DIGEST, **fields: Any) -> Registration:
        found = await self.registered(email, **fields)
        await self.code(found, digest)
        return found

    async def code(self, found: Registration, digest: bytes, expires_at: datetime | None = None) -> Any:
        async with self.work.within(found.tenant):
            return await self.registrations.issue_code(
                found.id, digest=digest, expires_at=expires_at or self.now + SOON
            )

    async def tried(self, email: str, digest: bytes = DIGEST) -> ConfirmedRegistration | None:
        async with self.work:
            return await self.registrations.try_code(email, digest=digest, now=self.now, most_tries=5)

    async def completed(
        self, confirmed: ConfirmedRegistration, *slugs: str
    ) -> tuple[UUID, CompletedRegistration | None]:
        """Complete and found it, as `Confirming` does."""
        account, owner = new_id(), new_id()
        async with self.work.within(confirmed.tenant):
            done = await self.registrations.complete(
                confirmed, digest=DIGEST, account=account, owner=owner, slugs=list(slugs), now=self.now
            )
            if done is not None:
                await self.members.found(
                    NewTenant(
                        id=confirmed.tenant,
                        slug=done.slug,
                        owner=owner,
                        account=account,
                        owner_email=done.email,
                        registration=confirmed,
                        founded_at=self.now,
                    )
                )
        return owner, done


@pytest.fixture(params=["memory", "postgres"])
async def directory(request: pytest.FixtureRequest, database: TestDatabase) -> AsyncIterator[Directory]:
    if request.param == "memory":
        memory = MemoryWork()
        yield Directory(MemoryRegistrations(memory), MemoryAccounts(memory), MemoryMembers(memory), memory)
        return
    pool = Database(database.app, size=2)
    work = PostgresWork(pool, None, Origin(), {}, CLOCK)
    yield Directory(PostgresRegistrations(work), PostgresAccounts(work), PostgresMembers(MemoryQuotas(), work), work)
    await pool.close()


def a_slug() -> str:
    return f"slug-{new_id().hex[-20:]}"


async def test_the_newest_registration_of_an_address_is_found(directory: Directory) -> None:
    email = an_address()
    async with directory.work:
        assert await directory.registrations.latest(email) is None
    await directory.registered(email)
    second = await directory.registered(email)
    async with directory.work:
        assert await directory.registrations.latest(email) == (second.id, second.tenant)


async def test_a_code_is_issued_to_whom_it_concerns(directory: Directory) -> None:
    email = an_address()
    found = await directory.registered(email)
    issued = await directory.code(found, DIGEST)
    assert (issued.email, issued.display_name, issued.is_known) == (email, "Grace Hopper", False)
    async with directory.work:
        gone = await directory.registrations.issue_code(new_id(), digest=DIGEST, expires_at=directory.now)
    assert gone is None


async def test_the_right_code_finds_its_registration(directory: Directory) -> None:
    email = an_address()
    found = await directory.with_code(email, currency="EUR", phone="+12125550101")
    confirmed = await directory.tried(email)
    assert confirmed == ConfirmedRegistration(
        id=found.id,
        tenant=found.tenant,
        tenant_name=found.tenant_name,
        display_name=found.display_name,
        profile=found.profile,
    )
    assert await directory.tried(an_address()) is None


async def test_a_code_stands_five_wrong_tries_and_a_new_one_starts_again(directory: Directory) -> None:
    email = an_address()
    found = await directory.with_code(email)
    for _ in range(4):
        assert await directory.tried(email, OTHER) is None
    assert await directory.tried(email) is not None
    assert await directory.tried(email, OTHER) is None
    assert await directory.tried(email) is None
    await directory.code(found, OTHER)
    assert await directory.tried(email) is None
    assert await directory.tried(email, OTHER) is not None


async def test_a_code_without_time_left_is_none(directory: Directory) -> None:
    email = an_address()
    found = await directory.registered(email)
    assert await directory.tried(email) is None
    await directory.code(found, DIGEST, directory.now)
    assert await directory.tried(email) is None
    await directory.code(found, DIGEST, directory.now + timedelta(milliseconds=1))
    assert await directory.tried(email) is not None


async def test_a_registration_is_completed_once_and_takes_the_first_free_slug(directory: Directory) -> None:
    email, taken, free = an_address(), a_slug(), a_slug()
    other = an_address()
    await directory.with_code(other)
    confirmed = await directory.tried(other)
    assert confirmed is not None
    await directory.completed(confirmed, taken)
    found = await directory.with_code(email)
    again = await directory.registered(email)
    confirmed = await directory.tried(email)
    assert confirmed is not None
    owner, done = await directory.completed(confirmed, taken, free, a_slug())
    assert done == CompletedRegistration(slug=free, email=email)
    assert (await directory.completed(confirmed, a_slug()))[1] is None
    assert await directory.tried(email) is None
    async with directory.work:
        assert await directory.registrations.latest(email) is None
    assert await directory.code(again, DIGEST) is None
    async with directory.work.within(found.tenant):
        identity = await directory.members.identity(owner)
    assert (identity.tenant.id, identity.tenant.slug, identity.tenant.name) == (found.tenant, free, found.tenant_name)
    assert (identity.user.id, identity.user.email, identity.user.role) == (owner, email, Role.OWNER)


async def test_an_address_with_an_account_gets_no_code(directory: Directory) -> None:
    email = an_address()
    await directory.with_code(email)
    confirmed = await directory.tried(email)
    assert confirmed is not None
    await directory.completed(confirmed, a_slug())
    later = await directory.registered(email)
    issued = await directory.code(later, DIGEST)
    assert (issued.email, issued.is_known) == (email, True)
    assert await directory.tried(email) is None


async def test_credentials_are_the_account_s_else_the_newest_registration_s(directory: Directory) -> None:
    email = an_address()
    async with directory.work:
        assert await directory.accounts.credentials(email) is None
    found = await directory.with_code(email)
    second = await directory.registered(email)
    async with directory.work:
        waiting = await directory.accounts.credentials(email)
    assert waiting is not None
    assert (waiting.password_hash, waiting.account) == (f"hash {second.id}", None)
    confirmed = await directory.tried(email)
    assert confirmed is not None
    await directory.completed(confirmed, a_slug())
    async with directory.work:
        known = await directory.accounts.credentials(email)
    assert known is not None
    assert known.password_hash == f"hash {found.id}"
    assert known.account is not None


async def test_a_session_needs_the_hash_and_a_tenant_of_one_s_own(directory: Directory) -> None:
    email, slug, session = an_address(), a_slug(), new_id()
    found = await directory.with_code(email)
    confirmed = await directory.tried(email)
    assert confirmed is not None
    owner, _ = await directory.completed(confirmed, slug)
    right = f"hash {found.id}"
    opening = RefreshTokens(b"key", SessionTerms()).opening(f"token {session}", remember=False, second=False)
    for wrong_email, wrong_hash, wrong_slug in ((an_address(), right, None), (email, "x", None), (email, right, "no")):
        async with directory.work:
            refused = await directory.accounts.open_session(
                wrong_email, password_hash=wrong_hash, slug=wrong_slug, opening=opening
            )
        assert refused is None
    async with directory.work:
        opened = await directory.accounts.open_session(
            email, password_hash=right, slug=slug, opening=msgspec.structs.replace(opening, session=session)
        )
    assert opened is not None
    assert (opened.session.id, opened.session.tenant, opened.session.user) == (session, found.tenant, owner)
    assert opened.session.role is Role.OWNER
    assert [(each.id, each.slug, each.role) for each in opened.tenants] == [(found.tenant, slug, Role.OWNER)]
