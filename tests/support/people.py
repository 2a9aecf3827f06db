"""People of tenants, made as quickly as tests need them: rows by the inspector's hand, tokens by the real issuer."""

import itertools
from collections.abc import Sequence
from uuid import UUID

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
_SEATED = f"""
    people as (
        select * from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[])
            as each (account, id, session, role, email)
    ), accounts as (
        insert into directory.accounts (id, email, password_hash, verified_at)
        select account, email, '{NO_PASSWORD}', now() from people
    ), memberships as (
        insert into directory.memberships (account_id, tenant_id, user_id, role)
        select account, $1, id, role from people
    ), seats as (
        insert into users (tenant_id, id, account_id, role, email, username, display_name, created_at, updated_at)
        select $1, id, account, role, email, role || '-' || right(id::text, 8), role,
               now() - interval '1 second', now() - interval '1 second'
        from people
    )
    insert into directory.sessions (id, account_id, tenant_id, expires_at)
    select session, account, $1, now() + interval '1 hour' from people
"""
_NEW_PERSON = f"with {_SEATED}"
_NEW_TENANT = f"""
    with founded as (
        insert into directory.tenants (id, slug, name, plan) values ($1, $7, $7, $8)
    ), profiles as (
        insert into tenants (tenant_id, slug, name, timezone, currency, locale, created_at, updated_at)
        values ($1, $7, $7, 'America/New_York', 'USD', 'en', now(), now())
    ), {_SEATED}
"""


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
    tokens = await house.container.get(AccessTokens)
    tenant, number = new_id(), next(_numbers)
    slug = f"tenant-{number}-{tenant.hex[-8:]}"
    people = [_person(tokens, tenant, slug, role) for role in Role]
    async with house.inspectors.one() as admin:
        await admin.execute(_NEW_TENANT, tenant, *_columns(people), slug, plan.value)
    return Tenant(tenant, slug, {person.role: person for person in people})


async def another_session(house: House, person: Person) -> Person:
    """The same person, in one more session."""
    tokens, session = await house.container.get(AccessTokens), new_id()
    async with house.inspectors.one() as admin:
        await admin.execute(_SESSION, session, person.account, person.tenant)
    opened = Session(id=session, account=person.account, tenant=person.tenant, user=person.user, role=person.role)
    return msgspec.structs.replace(person, session=session, token=tokens.issue(opened))


async def new_person(house: House, tenant: Tenant, role: Role = Role.MEMBER, **profile: object) -> Person:
    """A further user of the tenant, signed in; `profile` are columns of its record."""
    tokens = await house.container.get(AccessTokens)
    person = _person(tokens, tenant.id, f"further-{next(_numbers)}-{tenant.slug}", role)
    async with house.inspectors.one() as admin:
        await admin.execute(_NEW_PERSON, tenant.id, *_columns([person]))
        for column, value in profile.items():
            await admin.execute(f"update users set {column} = $2 where id = $1", person.user, value)
    return person


def _person(tokens: AccessTokens, tenant: UUID, slug: str, role: Role) -> Person:
    account, user, session, email = new_id(), new_id(), new_id(), f"{role}@{slug}.example.com"
    token = tokens.issue(Session(id=session, account=account, tenant=tenant, user=user, role=role))
    return Person(account, user, role, email, token, session, tenant)


def _columns(people: Sequence[Person]) -> tuple[list[UUID], list[UUID], list[UUID], list[str], list[str]]:
    return (
        [person.account for person in people],
        [person.user for person in people],
        [person.session for person in people],
        [person.role.value for person in people],
        [person.email for person in people],
    )
