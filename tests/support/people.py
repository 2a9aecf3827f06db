"""People of tenants, made as quickly as tests need them: rows by the inspector's hand, tokens by the real issuer."""

import itertools
from uuid import UUID

import asyncpg
import msgspec

from domains.identity import AccessTokens, Session
from domains.shared.ids import new_id
from domains.shared.permissions import Role
from domains.shared.plans import Plan
from tests.support.house import House

_numbers = itertools.count(1)
_SESSION = """
    insert into directory.sessions (id, account_id, tenant_id, expires_at)
    values ($1, $2, $3, now() + interval '1 hour')
"""
NO_PASSWORD = "$argon2id$v=19$m=8,t=1,p=1$pmFAh1d+bTa+8OX0aeB3KA$JgYv9tHIrgU3iTfkcTvlLXEPe4pxFCon5QXG+Zs6j0w"
"""A cheap hash of what nobody knows any more."""


class Person(msgspec.Struct, frozen=True):
    """A user with an open session."""

    account: UUID
    user: UUID
    role: Role
    email: str
    token: str
    session: UUID
    tenant: UUID


class Tenant(msgspec.Struct, frozen=True):
    """A tenant with one user of each role."""

    id: UUID
    slug: str
    people: dict[Role, Person]

    @property
    def owner(self) -> Person:
        return self.people[Role.OWNER]


async def new_tenant(house: House, *, plan: Plan = Plan.FREE) -> Tenant:
    """Found a tenant with an owner, an admin, a staff member and a member."""
    admin = await asyncpg.connect(house.database.admin)
    tokens = await house.container.get(AccessTokens)
    tenant, number = new_id(), next(_numbers)
    slug = f"tenant-{number}-{tenant.hex[-8:]}"
    try:
        async with admin.transaction():
            await admin.execute(
                "insert into directory.tenants (id, slug, name, plan) values ($1, $2, $2, $3)", tenant, slug, plan.value
            )
            await admin.execute(
                "insert into tenants (tenant_id, slug, name, timezone, currency, locale, created_at, updated_at)"
                " values ($1, $2, $2, 'America/New_York', 'USD', 'en', now(), now())",
                tenant,
                slug,
            )
            people = {role: await _person(admin, tokens, tenant, slug, role) for role in Role}
    finally:
        await admin.close()
    return Tenant(tenant, slug, people)


async def another_session(house: House, person: Person) -> Person:
    """The same person, in one more session."""
    tokens, session = await house.container.get(AccessTokens), new_id()
    admin = await asyncpg.connect(house.database.admin)
    try:
        await admin.execute(_SESSION, session, person.account, person.tenant)
    finally:
        await admin.close()
    opened = Session(id=session, account=person.account, tenant=person.tenant, user=person.user, role=person.role)
    return msgspec.structs.replace(person, session=session, token=tokens.issue(opened))


async def new_person(house: House, tenant: Tenant, role: Role = Role.MEMBER, **profile: object) -> Person:
    """A further user of the tenant, signed in; `profile` are columns of its record."""
    tokens = await house.container.get(AccessTokens)
    admin = await asyncpg.connect(house.database.admin)
    try:
        person = await _person(admin, tokens, tenant.id, f"further-{next(_numbers)}-{tenant.slug}", role)
        for column, value in profile.items():
            await admin.execute(f"update users set {column} = $2 where id = $1", person.user, value)
    finally:
        await admin.close()
    return person


async def _person(admin: asyncpg.Connection, tokens: AccessTokens, tenant: UUID, slug: str, role: Role) -> Person:
    account, user, session, email = new_id(), new_id(), new_id(), f"{role}@{slug}.example.com"
    username = f"{role}-{user.hex[-8:]}"
    await admin.execute(
        "insert into directory.accounts (id, email, password_hash, verified_at) values ($1, $2, $3, now())",
        account,
        email,
        NO_PASSWORD,
    )
    await admin.execute(
        "insert into directory.memberships (account_id, tenant_id, user_id, role) values ($1, $2, $3, $4)",
        account,
        tenant,
        user,
        role.value,
    )
    await admin.execute(
        "insert into users (tenant_id, id, account_id, role, email, username, display_name, created_at, updated_at)"
        " values ($1, $2, $3, $4, $5, $6, $4, now() - interval '1 second', now() - interval '1 second')",
        tenant,
        user,
        account,
        role.value,
        email,
        username,
    )
    await admin.execute(_SESSION, session, account, tenant)
    token = tokens.issue(Session(id=session, account=account, tenant=tenant, user=user, role=role))
    return Person(account, user, role, email, token, session, tenant)
