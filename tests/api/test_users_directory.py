"""Finding people: the search, the directory, and what each person shows to whom."""

from typing import Any

import pytest

from domains.shared.permissions import Role
from tests.support.house import House
from tests.support.people import Person, Tenant, new_person

OPEN = (
    '{"email": "everyone", "phone": "everyone", "address": "everyone", "location": "everyone", "company": "everyone",'
    ' "title": "everyone", "bio": "everyone", "website": "everyone", "linkedin": "everyone", "skills": "everyone",'
    ' "certifications": "everyone"}'
)
CLOSED = OPEN.replace('"everyone"', '"admins"')
STAFF = OPEN.replace('"everyone"', '"staff"')
FULL: dict[str, Any] = {
    "display_name": "Ada Lovelace",
    "first_name": "Augusta",
    "last_name": "King",
    "company": "Analytical Engines",
    "title": "Countess",
    "phone": "+12125550101",
    "address": '{"city": "Saint-Étienne", "state": "Loire", "street": "1 Main St", "country": "FR"}',
    "location": "Massif Central",
    "bio": "Poetical science",
    "website": "https://ada.example.com",
    "linkedin": "https://www.linkedin.com/in/ada",
    "skills": ["Note taking", "C++", "Plumbing"],
    "certifications": '[{"name": "Countess"}]',
    "member_type": "regular",
}
SECRETS = ("2125550101", "Analytical", "Poetical", "ada.example.com", "linkedin.com", "Plumbing", "Massif", "Étienne")


async def get(house: House, person: Person, path: str, **params: object) -> dict[str, Any]:
    async with house.client(person.token) as client:
        answer = await client.get(path, params={name: str(value) for name, value in params.items()})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def found_by(house: House, person: Person, q: str) -> list[str]:
    return [each["displayName"] for each in (await get(house, person, "/users/search", q=q))["items"]]


async def listed(house: House, person: Person, **params: object) -> list[str]:
    page = await get(house, person, "/users/directory", limit=100, **params)
    return [each["displayName"] for each in page["items"] if " " in each["displayName"]]


async def ada(house: House, tenant: Tenant, visibility: str = OPEN, **fields: Any) -> Person:
    return await new_person(house, tenant, Role.STAFF, **{**FULL, **fields, "field_visibility": visibility})


@pytest.mark.parametrize(
    "q",
    ["Ada", "ada l", "lovelace", "LOVE", "Lovelace Ada", "augusta", "kin", "Ada Lovelace", "áda", "+1 (212) 555-0101",
     "(212) 555-0101", "5550101", "Lovelase", "Lovelcae", "Adda Lovelace"],
)  # fmt: skip
async def test_a_person_is_found_by_name_and_number_however_it_is_written(house: House, tenant: Tenant, q: str) -> None:
    await ada(house, tenant)
    await new_person(house, tenant, display_name="Grace Hopper")
    assert await found_by(house, tenant.people[Role.MEMBER], q) == ["Ada Lovelace"]


@pytest.mark.parametrize("q", ["xq", "Grace", "Analytical", "!!", "--", "00", "212555010199", "%%", "__", "||"])
async def test_what_does_not_fit_finds_nobody(house: House, tenant: Tenant, q: str) -> None:
    await ada(house, tenant)
    assert await found_by(house, tenant.people[Role.MEMBER], q) == []


async def test_a_person_is_found_by_e_mail_address(house: House, tenant: Tenant) -> None:
    person = await ada(house, tenant)
    for q in (person.email, person.email.upper(), person.email.partition(".example")[0]):
        assert await found_by(house, tenant.people[Role.MEMBER], q) == ["Ada Lovelace"]


async def test_who_fits_best_comes_first(house: House, tenant: Tenant) -> None:
    for name in ("Maria Ann", "Annabel Lee", "Ann Zeta", "Ann Alpha", "Bo Anning"):
        await new_person(house, tenant, display_name=name)
    found = await found_by(house, tenant.owner, "ann")
    assert found == ["Ann Alpha", "Ann Zeta", "Annabel Lee", "Bo Anning", "Maria Ann"]
    assert (await get(house, tenant.owner, "/users/search", q="ann", limit=2))["items"][1]["displayName"] == "Ann Zeta"


async def test_the_suspended_and_the_erased_are_not_found(house: House, tenant: Tenant) -> None:
    person = await ada(house, tenant)
    async with house.client(tenant.owner.token) as client:
        assert (await client.post(f"/admin/users/{person.user}/suspend", json={"reason": "x"})).status_code == 200
        assert await found_by(house, tenant.owner, "Ada") == []
        assert await listed(house, tenant.owner, search="Ada") == []
        assert (await client.post(f"/admin/users/{person.user}/activate")).status_code == 200
        assert await found_by(house, tenant.owner, "Ada") == ["Ada Lovelace"]
        assert (await client.delete(f"/admin/users/{person.user}")).status_code == 204
    assert await found_by(house, tenant.owner, "Ada") == await found_by(house, tenant.owner, "Former") == []
    assert await listed(house, tenant.owner) == []
    async with house.client(tenant.owner.token) as client:
        assert (await client.get(f"/users/{person.user}")).status_code == 404


@pytest.mark.parametrize(("visibility", "shown"), [(OPEN, Role.MEMBER), (STAFF, Role.STAFF), (CLOSED, Role.ADMIN)])
@pytest.mark.parametrize("viewer", Role)
async def test_a_hidden_field_is_neither_shown_nor_searched(
    house: House, tenant: Tenant, visibility: str, shown: Role, viewer: Role
) -> None:
    person = await ada(house, tenant, visibility)
    may_see = list(Role).index(viewer) <= list(Role).index(shown)
    asker = tenant.people[viewer]
    for q in ("5550101", person.email):
        assert await found_by(house, asker, q) == (["Ada Lovelace"] if may_see else [])
    for wanted in ({"search": "Analytical"}, {"search": "plumbing"}, {"skills": "plumbing"}, {"location": "massif"},
                   {"location": "saint etienne"}, {"search": "countess"}):  # fmt: skip
        assert await listed(house, asker, **wanted) == (["Ada Lovelace"] if may_see else []), wanted
    async with house.client(asker.token) as client:
        one = await client.get(f"/users/{person.user}")
        told = one.text + (await client.get("/users/directory", params={"limit": 100})).text
        told += (await client.get("/users/search", params={"q": "Ada"})).text
    assert [secret for secret in SECRETS if (secret in told) != may_see] == []
    assert (one.json()["email"] == person.email) == may_see
    assert one.json()["displayName"] == "Ada Lovelace"


async def test_the_directory_holds_no_way_to_reach_somebody(house: House, tenant: Tenant) -> None:
    await ada(house, tenant)
    (entry,) = (await get(house, tenant.owner, "/users/directory", search="ada love"))["items"]
    assert {name: value for name, value in entry.items() if name != "id"} == {
        "displayName": "Ada Lovelace",
        "firstName": "Augusta",
        "lastName": "King",
        "memberType": "regular",
        "memberSince": None,
        "company": "Analytical Engines",
        "title": "Countess",
        "location": "Massif Central",
        "city": "Saint-Étienne",
        "state": "Loire",
        "skills": ["Note taking", "C++", "Plumbing"],
        "avatarUrl": None,
        "status": "offline",
    }


@pytest.mark.parametrize(
    ("wanted", "is_listed"),
    [
        ({"search": "engines plumb"}, True),
        ({"search": "engines baking"}, False),
        ({"search": "2125550101"}, False),
        ({"skills": "plumbing,note taking"}, True),
        ({"skills": "plumbing,note"}, False),
        ({"skills": "plumbing,baking"}, False),
        ({"skills": " PLUMBING "}, True),
        ({"location": "Loire"}, True),
        ({"location": "ada"}, False),
        ({"memberType": "regular"}, True),
        ({"memberType": "honorary"}, False),
        ({"memberType": "regular", "search": "king", "location": "loire", "skills": "plumbing"}, True),
    ],
)
async def test_the_directory_is_filtered(house: House, tenant: Tenant, wanted: dict[str, str], is_listed: bool) -> None:
    await ada(house, tenant)
    assert await listed(house, tenant.people[Role.MEMBER], **wanted) == ["Ada Lovelace"] * is_listed


async def test_the_directory_is_paged_by_name(house: House, tenant: Tenant) -> None:
    for number in range(9):
        await new_person(house, tenant, display_name=f"Same {number % 3}", member_type="paged")
    seen: list[str] = []
    async with house.client(tenant.owner.token) as client:
        cursor: dict[str, str] = {}
        while True:
            asked = {"memberType": "paged", "limit": "4", "includeTotal": "true", **cursor}
            page = (await client.get("/users/directory", params=asked)).json()
            assert page["total"] == 9
            seen += [each["id"] for each in page["items"]]
            if page["nextCursor"] is None:
                break
            cursor = {"cursor": page["nextCursor"]}
        elsewhere = await client.get("/users/directory", params={**cursor, "memberType": "other"})
        assert (elsewhere.status_code, elsewhere.json()["code"]) == (400, "invalid_cursor")
    assert len(seen) == len(set(seen)) == 9


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/users/search", {}),
        ("/users/search", {"q": "a"}),
        ("/users/search", {"q": "a" * 201}),
        ("/users/search", {"q": "ada", "limit": "101"}),
        ("/users/directory", {"search": ""}),
        ("/users/directory", {"memberType": "Not One"}),
        ("/users/directory", {"sort": "email"}),
        ("/users/directory", {"role": "owner"}),
    ],
)
async def test_a_bad_parameter_is_refused(house: House, tenant: Tenant, path: str, params: dict[str, str]) -> None:
    async with house.client(tenant.owner.token) as client:
        answer = await client.get(path, params=params)
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_error")


async def test_nobody_of_another_tenant_is_found(house: House, tenant: Tenant, other_tenant: Tenant) -> None:
    person = await ada(house, other_tenant)
    assert await found_by(house, tenant.owner, "Ada Lovelace") == []
    assert await listed(house, tenant.owner, search="Ada") == []
    assert await found_by(house, other_tenant.owner, "Ada Lovelace") == ["Ada Lovelace"]
    async with house.client(tenant.owner.token) as client:
        assert (await client.get(f"/users/{person.user}")).status_code == 404
