"""One's own profile and status over HTTP."""

from pathlib import Path
from typing import Any

import pytest

from domains.shared.permissions import Role
from tests.support.databases import TestDatabase
from tests.support.house import House
from tests.support.live import api_process, live_relay
from tests.support.people import Tenant
from tests.support.stories import events_of

FULL: dict[str, Any] = {
    "displayName": "Ada Lovelace",
    "username": "ada.l",
    "firstName": "Ada",
    "lastName": "Lovelace",
    "company": "Engines",
    "title": "Countess",
    "phone": "+12125550101",
    "address": {"street": "12 Analytical Way", "city": "London", "state": None, "zipCode": "W1", "country": "GB"},
    "location": "London",
    "bio": "Poetical science,\nin several lines.",
    "website": "https://ada.example.com/notes?x=1#g",
    "linkedin": "https://www.linkedin.com/in/ada",
    "skills": ["Notes", "Engines"],
    "certifications": [
        {"name": "Countess", "issuer": "Crown", "issueDate": "1838-06-30", "expiryDate": None},
        {"name": "Programmer", "issuer": None, "issueDate": None, "expiryDate": None},
    ],
    "preferredLanguage": "en",
    "timezone": "Europe/London",
}
EMPTY: dict[str, Any] = {"skills": [], "certifications": []}
CHANGING = {"version", "updatedAt"}


async def patched(house: House, tenant: Tenant, body: dict[str, Any], **headers: str) -> tuple[int, dict[str, Any]]:
    async with house.client(tenant.owner.token) as client:
        answer = await client.patch("/users/me", json=body, headers=headers)
    return answer.status_code, answer.json()


def steady(profile: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in profile.items() if name not in CHANGING}


@pytest.mark.parametrize("role", Role)
async def test_everybody_keeps_a_profile_of_their_own(house: House, tenant: Tenant, role: Role) -> None:
    async with house.client(tenant.people[role].token) as client:
        fresh = await client.get("/users/me")
        changed = await client.patch("/users/me", json={**FULL, "username": f"ada.{role}"})
        found = await client.get("/users/me")
    assert fresh.json()["role"] == role.value
    assert fresh.json()["fieldVisibility"]["email"] == "staff"
    assert changed.status_code == 200, changed.text
    assert {name: changed.json()[name] for name in FULL} == {**FULL, "username": f"ada.{role}"}
    assert (found.json(), found.headers["ETag"]) == (changed.json(), '"2"')


@pytest.mark.parametrize("field", sorted(set(FULL) - {"displayName", "username"}))
async def test_a_field_is_cleared_and_the_rest_left_alone(house: House, tenant: Tenant, field: str) -> None:
    _, full = await patched(house, tenant, FULL)
    status, cleared = await patched(house, tenant, {field: None})
    assert (status, steady(cleared)) == (200, {**steady(full), field: EMPTY.get(field)})
    assert cleared["version"] == full["version"] + 1


async def test_of_options_only_those_that_are_given_change(house: House, tenant: Tenant) -> None:
    asked = {"preferences": {"soundEnabled": False}, "notificationPreferences": {"sms": False},
             "fieldVisibility": {"phone": "everyone", "bio": "admins"}}  # fmt: skip
    _, changed = await patched(house, tenant, asked)
    assert changed["preferences"] == {"notifications": True, "soundEnabled": False}
    assert changed["notificationPreferences"] == {"email": True, "sms": False, "push": True}
    assert (changed["fieldVisibility"]["phone"], changed["fieldVisibility"]["email"]) == ("everyone", "staff")
    _, reset = await patched(house, tenant, {"preferences": None, "fieldVisibility": None})
    assert (reset["preferences"]["soundEnabled"], reset["fieldVisibility"]["phone"]) == (True, "staff")


async def test_nothing_to_change_leaves_the_version(house: House, tenant: Tenant) -> None:
    _, full = await patched(house, tenant, FULL)
    for body in (
        {},
        FULL,
        {"phone": "+1 (212) 555-0101", "bio": FULL["bio"] + " ", "skills": ["Notes", "Engines", "notes"]},
    ):
        assert await patched(house, tenant, body) == (200, full)
    assert [event["type"] for event in await events_of(house, tenant)] == ["user.updated"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"displayName": None}, "displayName"),
        ({"displayName": "  a "}, "displayName"),
        ({"username": None}, "username"),
        ({"username": "Ada"}, "username"),
        ({"username": "a"}, "username"),
        ({"firstName": "a\nb"}, "firstName"),
        ({"phone": "12"}, "phone"),
        ({"phone": "not a number"}, "phone"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"website": "ftp://example.com"}, "website"),
        ({"website": "https://user:secret@example.com"}, "website"),
        ({"website": "https:///nowhere"}, "website"),
        ({"website": "https://a b.example.com"}, "website"),
        ({"website": "https://example.com:99999"}, "website"),
        ({"linkedin": "https://linkedin.com.evil.test/in/ada"}, "linkedin"),
        ({"linkedin": "https://evil.test/linkedin.com"}, "linkedin"),
        ({"skills": ["x" * 51]}, "skills[0]"),
        ({"skills": ["a"] * 51}, "skills"),
        ({"certifications": [{"issuer": "Crown"}]}, "certifications[0].name"),
        ({"certifications": [{"name": "  "}]}, "certifications[0].name"),
        ({"certifications": [{"name": "a", "issueDate": "2020-01-02", "expiryDate": "2020-01-01"}]},
         "certifications[0].expiryDate"),
        ({"certifications": [{"name": "a", "issueDate": "2020-13-01"}]}, "certifications[0].issueDate"),
        ({"address": {"country": "Germany"}}, "address.country"),
        ({"address": {"planet": "Mars"}}, "address.planet"),
        ({"preferredLanguage": "Klingon!"}, "preferredLanguage"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"bio": "x" * 2001}, "bio"),
        ({"preferences": {"soundEnabled": "yes"}}, "preferences.soundEnabled"),
        ({"fieldVisibility": {"email": "nobody"}}, "fieldVisibility.email"),
        ({"fieldVisibility": {"displayName": "admins"}}, "fieldVisibility.displayName"),
        ({"role": "owner"}, "role"),
        ({"memberType": "honorary"}, "memberType"),
        ({"email": "other@example.com"}, "email"),
        ({"suspendedAt": None}, "suspendedAt"),
        ({"status": "online"}, "status"),
    ],
    ids=str,
)  # fmt: skip
async def test_a_bad_field_is_refused_by_name_and_changes_nothing(
    house: House, tenant: Tenant, body: dict[str, Any], field: str
) -> None:
    status, problem = await patched(house, tenant, {"title": "changed", **body})
    assert (status, [error["field"] for error in problem["errors"]]) == (400, [field])
    async with house.client(tenant.owner.token) as client:
        assert (await client.get("/users/me")).json()["title"] is None


async def test_a_username_is_one_person_s_in_a_tenant(house: House, tenant: Tenant, other_tenant: Tenant) -> None:
    assert (await patched(house, tenant, {"username": "ada"}))[0] == 200
    assert (await patched(house, other_tenant, {"username": "ada"}))[0] == 200
    async with house.client(tenant.people[Role.MEMBER].token) as client:
        taken = await client.patch("/users/me", json={"username": "ada", "title": "changed"})
        assert (taken.status_code, taken.json()["code"]) == (409, "already_exists")
        assert taken.json()["errors"][0]["field"] == "username"
        assert (await client.patch("/users/me", json={"username": "ada2"})).status_code == 200


async def test_a_stale_version_is_refused(house: House, tenant: Tenant) -> None:
    assert (await patched(house, tenant, {"title": "One"}))[0] == 200
    status, problem = await patched(house, tenant, {"title": "Two"}, **{"If-Match": '"1"'})
    assert (status, problem["code"]) == (412, "version_conflict")
    assert (await patched(house, tenant, {"title": "Two"}, **{"If-Match": '"2"'}))[0] == 200


async def test_a_change_is_audited_and_who_one_is_shows_it(house: House, tenant: Tenant) -> None:
    await patched(house, tenant, {"displayName": "Ada Lovelace"})
    async with house.client(tenant.owner.token) as client:
        (entry,) = (await client.get("/admin/audit-log")).json()["items"]
        me = (await client.get("/auth/me")).json()["user"]
    assert (entry["action"], entry["subjectId"]) == ("user.updated", str(tenant.owner.user))
    assert entry["changes"][0] == {"field": "displayName", "before": "owner", "after": "Ada Lovelace"}
    assert me["displayName"] == "Ada Lovelace"


@pytest.mark.parametrize("status", ["online", "away", "busy", "in_meeting", "offline"])
async def test_a_status_holds_and_others_see_it(house: House, tenant: Tenant, status: str) -> None:
    async with house.client(tenant.owner.token) as client:
        answer = await client.put("/users/me/status", json={"status": status, "message": " Back at three "})
        assert (answer.status_code, answer.json()["status"]) == (200, status)
    async with house.client(tenant.people[Role.MEMBER].token) as client:
        seen = (await client.get(f"/users/{tenant.owner.user}")).json()
        assert (seen["status"], seen["statusMessage"]) == (status, "Back at three")
    async with house.client(tenant.owner.token) as client:
        plain = await client.put("/users/me/status", json={"status": status})
    assert plain.json()["statusMessage"] is None


@pytest.mark.parametrize("body", [{}, {"status": "dnd"}, {"status": "busy", "message": "x" * 101}, {"message": "x"}])
async def test_a_bad_status_is_refused(house: House, tenant: Tenant, body: dict[str, Any]) -> None:
    async with house.client(tenant.owner.token) as client:
        assert (await client.put("/users/me/status", json=body)).status_code == 400


async def test_everybody_in_the_tenant_hears_of_a_status_and_suspension_closes_the_socket(
    database: TestDatabase, tenant: Tenant, other_tenant: Tenant, tmp_path: Path
) -> None:
    member, owner = tenant.people[Role.MEMBER], tenant.owner
    async with (
        live_relay(database),
        api_process(database, tmp_path) as process,
        process.ear(member.token) as ear,
        process.ear(other_tenant.owner.token) as stranger,
        process.client(owner.token) as client,
    ):
        changed = await client.put("/users/me/status", json={"status": "busy"})
        frame = await ear.next()
        assert (frame["event"], frame["data"]) == (
            "presence:changed", {"id": str(owner.user), "version": changed.json()["version"], "change": "status"}
        )  # fmt: skip
        suspended = await client.post(f"/admin/users/{member.user}/suspend", json={"reason": "Left"})
        assert suspended.status_code == 200
        assert await ear.closed(within=1.5) == (4401, "session_ended")
        await stranger.has_heard_nothing()
