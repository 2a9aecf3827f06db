"""What the demo tenant is furnished with goes through the use cases, and is there."""

from pathlib import Path

from domains.identity import Admission
from domains.identity.common_passwords import is_common
from domains.users.demo_team import TEAM
from frontdesk.demo import _furnish
from frontdesk.secrets_file import GeneratedSecrets
from tests.frontdesk.commands import refusal
from tests.frontdesk.test_settings import PRODUCTION
from tests.support.databases import TestDatabase
from tests.support.house import House, house_over
from tests.support.people import Tenant, new_tenant
from tests.support.registrations import PASSWORD, log_in


async def test_the_owner_has_a_profile_and_there_are_customers(house: House, tenant: Tenant) -> None:
    owner = tenant.owner
    admission = Admission(tenant=tenant.id, slug=tenant.slug, email=owner.email, account=owner.account, user=owner.user)
    await _furnish(house.work, admission, PASSWORD)
    async with house.client(tenant.owner.token) as client:
        me = (await client.get("/users/me")).json()
        assert (me["title"], me["status"], me["statusMessage"]) == ("Owner", "online", "Ask me about boilers")
        assert len(me["certifications"]) == 2
        business = (await client.get("/tenants/me")).json()
        assert (business["address"]["country"], business["phone"]) == ("US", "+12125550100")
        assert len((await client.get("/customers")).json()["items"]) == 6
        services = (await client.get("/services")).json()["items"]
        visits = (await client.get("/appointments")).json()["items"]
        quotes = (await client.get("/quotes")).json()["items"]
        assert len((await client.get("/price-list")).json()["items"]) == 3
        places = (await client.get("/waiting-list")).json()["items"]
        (elsewhere,) = (await client.get(f"/staff/{owner.user}/calendars")).json()["items"]
        explained = {"serviceId": services[0]["id"], "explain": "true"}
        why = (await client.get("/appointments/availability", params=explained)).json()["explanations"]
        assert [quote["status"] for quote in quotes] == ["accepted", "draft", "sent", "expired"]
        assert [(quote["number"] or "")[-5:] for quote in quotes] == ["00003", "", "00002", "00001"]
        assert [quote["revision"] for quote in quotes] == [1, 1, 2, 1]
        assert [item["unit"] for item in quotes[0]["items"]] == ["hour", "year"]
        invoices = (await client.get("/invoices")).json()["items"]
        assert [invoice["status"] for invoice in invoices] == ["sent", "paid"]
        assert [invoice["quoteId"] for invoice in invoices] == [quotes[0]["id"], None]
        assert [each["every"] for each in (await client.get("/recurring-invoices")).json()["items"]] == ["month"]
    assert [each["name"] for each in services] == ["Boiler inspection", "Pipe repair"]
    assert [each["staffId"] for each in visits] == [str(owner.user)] * 7
    assert [each["contact"] is None for each in visits] == [*[True] * 6, False]
    assert sum(each["status"] == "cancelled" for each in visits) == 1
    assert [each["status"] for each in places] == ["waiting", "waiting"]
    assert (elsewhere["lastError"], elsewhere["lastFetchedAt"] is None) == (None, False)
    assert {each["reason"] for each in why} >= {"busy", "busy_elsewhere", "closed"}


async def test_a_team_of_a_dozen_is_at_work(own_database: TestDatabase, tmp_path: Path) -> None:
    """Invited and let in as anybody is; each can sign in with the demo's password, but who was suspended."""
    async with house_over(own_database, tmp_path) as house:
        tenant = await new_tenant(house)
        owner = tenant.owner
        admission = Admission(
            tenant=tenant.id, slug=tenant.slug, email=owner.email, account=owner.account, user=owner.user
        )
        await _furnish(house.work, admission, PASSWORD)
        await house.follow_up()
        async with house.client(owner.token) as client:
            listed = (await client.get("/admin/users", params={"limit": 100})).json()["items"]
            invitations = (await client.get("/admin/invitations", params={"limit": 100})).json()["items"]
        team = {each["username"]: each for each in listed if each["email"].endswith("@demo.test")}
        assert list(team) == ["charles", *(each.profile.username for each in reversed(TEAM[:-1]))]
        assert {each["role"] for each in team.values()} == {"admin", "staff", "member"}
        assert {each["status"] for each in team.values()} == {"online", "away", "busy", "in_meeting", "offline"}
        assert len({each["preferredLanguage"] for each in team.values()}) >= 7
        assert {each["status"] for each in invitations} == {"accepted"}
        logins = [(await log_in(house, f"{name}@demo.test")).status_code for name in ("katherine", "wu", "charles")]
        assert logins == [200, 200, 403]
        wu = (await log_in(house, "wu@demo.test")).json()["accessToken"]
        async with house.client(wu) as client:
            hidden = (await client.get(f"/users/{team['hedy']['id']}")).json()
            shown = (await client.get(f"/users/{team['katherine']['id']}")).json()
        assert (hidden["phone"], hidden["location"], shown["phone"]) == (None, None, "+12125550111")


def test_the_password_that_is_made_for_it_is_never_one_that_is_refused() -> None:
    """With digits alone between its ends it would be nothing but the word demo."""
    about = ["owner@demo.test", "Grace Hopper", "Seabright Plumbing"]
    assert not [made for _ in range(1000) if is_common(made := GeneratedSecrets().demo_password, about=about)]
    assert is_common("Demo-225616226010-1", about=about)


def test_production_has_no_demo_tenant(tmp_path: Path) -> None:
    assert "no demo tenant in production" in refusal(tmp_path, "demo", **PRODUCTION)
