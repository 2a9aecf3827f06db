"""Whom the API takes a caller for: the session that the token names, as the database has it now."""

import time

import pytest

from domains.identity import AccessTokens
from domains.shared.ids import new_id
from domains.shared.permissions import Role
from tests.support.forgery import GOOD_HEADER, Claims, claims, token, unsigned
from tests.support.house import House
from tests.support.people import Person, Tenant
from tests.support.sameness import told
from tests.support.soon import becomes
from tests.support.stories import inspector


async def session_of(house: House, person: Person) -> str:
    tokens = await house.container.get(AccessTokens)
    return str(tokens.read(person.token))


async def status_with(house: House, credential: str, path: str = "/auth/me") -> tuple[int, str]:
    async with house.client(credential) as client:
        answer = await client.get(path)
    return answer.status_code, answer.json().get("code", "")


async def test_a_token_of_a_live_session_gets_in(house: House, tenant: Tenant) -> None:
    good = token(claims(await session_of(house, tenant.owner)))
    assert await status_with(house, tenant.owner.token) == (200, "")
    assert await status_with(house, good) == (200, "")


FORGED: list[tuple[Claims, Claims]] = [
    ({**GOOD_HEADER, "alg": "none"}, {}),
    ({**GOOD_HEADER, "alg": "nOnE"}, {}),
    ({**GOOD_HEADER, "alg": "HS512"}, {}),
    ({**GOOD_HEADER, "typ": "JWT"}, {}),
    ({**GOOD_HEADER, "crit": ["b64"], "b64": False}, {}),
    (GOOD_HEADER, {"iss": "somebody"}),
    (GOOD_HEADER, {"aud": ["other"]}),
    (GOOD_HEADER, {"exp": ...}),
    (GOOD_HEADER, {"sid": ...}),
    (GOOD_HEADER, {"sub": ...}),
    (GOOD_HEADER, {"sid": "' or true --"}),
]


@pytest.mark.parametrize(("header", "changes"), FORGED, ids=str)
async def test_a_forged_token_of_a_live_session_stays_outside(
    house: House, tenant: Tenant, header: Claims, changes: Claims
) -> None:
    said = claims(await session_of(house, tenant.owner), **changes)
    forged = token(said, header=header)
    for credential in (forged, unsigned(forged)):
        assert await status_with(house, credential) == (401, "unauthenticated")


async def test_an_expired_token_is_told_so(house: House, tenant: Tenant) -> None:
    old = token(claims(await session_of(house, tenant.owner), exp=int(time.time()) - 31))
    assert await status_with(house, old) == (401, "token_expired")


async def test_another_key_and_a_session_that_never_was_read_the_same(house: House, tenant: Tenant) -> None:
    session = await session_of(house, tenant.owner)
    answers = []
    for credential in (token(claims(session), key="x" * 40), "not a token", "a.b.c", "x" * 8000):
        async with house.client(credential) as client:
            answers.append(await client.get("/auth/me"))
    assert [told(answer) for answer in answers] == [told(answers[0])] * 4
    assert await status_with(house, token(claims(new_id()))) == (401, "unauthenticated")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic {token}",
        "{token}",
        "Token {token}",
        "Bearer{token}",
        "Bearer {token} x",
        "Bearer a {token}",
    ],
)
async def test_another_way_to_send_a_token_is_refused(house: House, tenant: Tenant, header: str) -> None:
    async with house.client() as client:
        answer = await client.get("/auth/me", headers={"Authorization": header.format(token=tenant.owner.token)})
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        lower = await client.get("/auth/me", headers={"Authorization": f"bearer {tenant.owner.token}"})
        assert lower.status_code == 200


async def test_two_tokens_are_no_token(house: House, tenant: Tenant, other_tenant: Tenant) -> None:
    headers = [("Authorization", f"Bearer {each.owner.token}") for each in (tenant, other_tenant)]
    async with house.client() as client:
        answer = await client.get("/auth/me", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize("place", ["access_token", "token", "authorization"])
async def test_a_token_in_the_query_is_none(house: House, tenant: Tenant, place: str) -> None:
    async with house.client() as client:
        answer = await client.get("/auth/me", params={place: tenant.owner.token})
    assert answer.status_code == 401


@pytest.mark.parametrize("how", ["delete from directory.sessions", "update directory.sessions set expires_at = now()"])
async def test_a_session_that_has_ended_is_out_within_a_second(house: House, tenant: Tenant, how: str) -> None:
    session = await session_of(house, tenant.owner)
    assert await status_with(house, tenant.owner.token) == (200, "")
    async with inspector(house) as admin:
        await admin.execute(f"{how} where id = $1", session)
    await becomes((401, "unauthenticated"), lambda: status_with(house, tenant.owner.token))
    assert await status_with(house, tenant.people[Role.ADMIN].token) == (200, "")


@pytest.mark.breaks_invariants("a role that was changed in one place only")
async def test_the_role_is_the_database_s_within_a_second(house: House, tenant: Tenant) -> None:
    person = tenant.people[Role.STAFF]
    assert await status_with(house, person.token, "/customers") == (200, "")
    for role, expected in ((Role.MEMBER, (403, "forbidden")), (Role.ADMIN, (200, ""))):
        async with inspector(house) as admin:
            await admin.execute(
                "update directory.memberships set role = $1 where user_id = $2", role.value, person.user
            )
        await becomes(expected, lambda: status_with(house, person.token, "/customers"))


async def test_what_else_a_token_claims_is_not_believed(house: House, tenant: Tenant, other_tenant: Tenant) -> None:
    session = await session_of(house, tenant.people[Role.MEMBER])
    lie = claims(
        session, tid=str(other_tenant.id), sub=str(other_tenant.owner.user), role="owner", scope="customers:write"
    )
    async with house.client(token(lie)) as client:
        me = (await client.get("/auth/me")).json()
        assert (me["tenant"]["id"], me["user"]["role"]) == (str(tenant.id), "member")
        assert (await client.get("/customers")).status_code == 403


@pytest.mark.parametrize(
    "name", ["X-Tenant-Id", "X-Tenant", "X-User-Id", "X-Role", "X-Forwarded-User", "X-HTTP-Method-Override"]
)
async def test_no_header_makes_one_somebody_else(house: House, tenant: Tenant, other_tenant: Tenant, name: str) -> None:
    values = {"X-Role": "owner", "X-HTTP-Method-Override": "DELETE"}
    async with house.client(tenant.people[Role.MEMBER].token) as client:
        me = await client.get("/auth/me", headers={name: values.get(name, str(other_tenant.id))})
    assert (me.status_code, me.json()["tenant"]["id"]) == (200, str(tenant.id))
    assert me.json()["user"]["role"] == "member"


async def test_a_token_from_before_a_login_is_not_touched_by_it(house: House, tenant: Tenant) -> None:
    """Sessions are made at login, under an id that nobody can choose beforehand."""
    chosen = new_id()
    assert await status_with(house, token(claims(chosen))) == (401, "unauthenticated")
    async with house.client(tenant.owner.token) as client:
        assert (await client.get("/auth/me")).status_code == 200
    assert await status_with(house, token(claims(chosen))) == (401, "unauthenticated")
