"""The whole way of issue 4: people come to a business, prove who they are, look after it, and leave."""

import csv
import io
import zipfile
from typing import Any

import httpx
import pyotp

from tests.support.house import House
from tests.support.jobs import bench_over
from tests.support.registrations import PASSWORD, an_address, an_order, log_in, mailed_code, verified, verify
from tests.support.sealing import seal_all
from tests.support.signed_up import NEW_PASSWORD, SignedUp, again, is_live, mailed_token, signed_up

Json = dict[str, Any]


async def test_an_account_is_kept_safe_by_its_owner(house: House) -> None:
    owner = await signed_up(house)
    async with house.client(owner.token) as client:
        refresh = (await log_in(house, owner.email)).json()["refreshToken"]
        pair = await told(client, 200, "POST", "/auth/refresh", {"refreshToken": refresh})
        [elsewhere] = [
            each for each in (await told(client, 200, "GET", "/auth/sessions"))["items"] if not each["current"]
        ]
        await told(client, 204, "DELETE", f"/auth/sessions/{elsewhere['id']}")
        assert not await is_live(house, pair["accessToken"])
        change = {"currentPassword": PASSWORD, "newPassword": NEW_PASSWORD}
        await told(client, 204, "POST", "/auth/change-password", change)
        await told(client, 202, "POST", "/auth/forgot-password", {"email": owner.email})
        token = await mailed_token(house, owner.email, "reset-password")
        await told(client, 204, "POST", "/auth/reset-password", {"token": token, "newPassword": PASSWORD})
        assert not await is_live(house, owner.token)
    email = await moved(house, owner)
    token = await doubly_secured(house, email)
    async with house.client(token) as client:
        await told(client, 204, "POST", "/auth/logout")
    assert not await is_live(house, token)


async def moved(house: House, owner: SignedUp) -> str:
    """The account's new address, which both the old one and it have confirmed."""
    email = an_address()
    async with house.client(await again(house, owner.email)) as client:
        await told(client, 202, "POST", "/auth/change-email", {"newEmail": email, "password": PASSWORD})
        for address, status in ((owner.email, "waiting"), (email, "changed")):
            token = await mailed_token(house, address, "confirm-email-change")
            answer = await told(client, 200, "POST", "/auth/change-email/confirm", {"token": token})
            assert answer == {"status": status}
    return email


async def doubly_secured(house: House, email: str) -> str:
    """The token of a login with a recovery code."""
    async with house.client(await again(house, email)) as client:
        enrolment = await told(client, 200, "POST", "/auth/2fa/enable", {"method": "totp", "password": PASSWORD})
        code = pyotp.TOTP(enrolment["secret"]).now()
        recovery = (await told(client, 200, "POST", "/auth/2fa/confirm", {"code": code}))["recoveryCodes"]
    refused = await log_in(house, email)
    assert (refused.status_code, refused.json()["code"]) == (401, "two_factor_required")
    token = await again(house, email, code=recovery[0])
    assert (await log_in(house, email, code=recovery[0])).json()["code"] == "invalid_code"
    return token


async def test_people_come_and_go(house: House) -> None:
    owner = await signed_up(house)
    invited, member = an_address(), an_address()
    async with house.client(owner.token) as client:
        await told(client, 201, "POST", "/admin/invitations", {"email": invited, "role": "staff"})
        await told(client, 200, "PATCH", "/tenants/me", {"registration": "open"})
        staff, joined = await accepted(house, invited), await registered_there(house, member, owner.tenant["slug"])
        assert (staff["user"]["role"], joined["user"]["role"]) == ("staff", "member")
        await shown_to_others(house, staff["accessToken"], joined["accessToken"])
        path = f"/admin/users/{staff['user']['id']}"
        await told(client, 200, "PATCH", path, {"role": "admin", "memberType": "gold"})
        [listed] = (await told(client, 200, "GET", "/admin/users?role=admin&memberType=gold"))["items"]
        assert listed["id"] == staff["user"]["id"]
        await told(client, 200, "POST", f"{path}/suspend", {"reason": "On leave"})
        assert not await is_live(house, staff["accessToken"])
        assert (await log_in(house, invited)).json()["code"] == "account_suspended"
        await told(client, 200, "POST", f"{path}/activate")
        await again(house, invited)
        await told(client, 204, "DELETE", path)
        await told(client, 404, "GET", f"/users/{staff['user']['id']}")
    async with house.client(joined["accessToken"]) as client:
        refused = await told(client, 400, "DELETE", "/users/me")
        assert refused["errors"][0]["field"] == "Current-Password"
        client.headers["Current-Password"] = PASSWORD
        await told(client, 204, "DELETE", "/users/me")
    await house.follow_up()


async def accepted(house: House, email: str) -> Json:
    token = await mailed_token(house, email, "invitation")
    order = {"displayName": "Katherine Johnson", "password": PASSWORD}
    async with house.client() as client:
        answer: Json = await told(client, 200, "POST", f"/auth/invitations/{token}/accept", order)
    return answer


async def registered_there(house: House, email: str, slug: str) -> Json:
    order = an_order(email, tenantSlug=slug, displayName="Dorothy Vaughan")
    del order["tenantName"]
    async with house.client() as client:
        await told(client, 202, "POST", "/auth/register", order)
    answer: Json = (await verify(house, email, await mailed_code(house, email))).json()
    return answer


async def shown_to_others(house: House, staff: str, member: str) -> None:
    async with house.client(staff) as client:
        profile = {"location": "Hampton", "skills": ["Orbits"], "phone": "+1 757 555 0123"}
        await told(client, 200, "PATCH", "/users/me", profile)
        await told(client, 200, "PUT", "/users/me/status", {"status": "in_meeting", "message": "Back at three"})
    async with house.client(member) as client:
        [found] = (await told(client, 200, "GET", "/users/search?q=katherin johnsen"))["items"]
        assert (found["statusMessage"], found["phone"]) == ("Back at three", None)
        page = await told(client, 200, "GET", "/users/directory?location=hampton&skills=orbits&includeTotal=true")
        assert (page["total"], page["items"][0]["id"]) == (1, found["id"])
        await told(client, 403, "GET", "/admin/users")
        assert (await told(client, 400, "GET", "/users/directory?town=x"))["errors"][0]["field"] == "town"


async def test_a_person_has_a_second_business(house: House) -> None:
    owner = await signed_up(house)
    async with house.client(owner.token) as client:
        client.headers["Idempotency-Key"] = owner.email
        second = await told(client, 201, "POST", "/tenants", {"name": "Second Shop"})
        assert await told(client, 201, "POST", "/tenants", {"name": "Second Shop"}) == second
        reused = await told(client, 422, "POST", "/tenants", {"name": "Third Shop"})
        assert reused["code"] == "idempotency_key_reused"
        there = await told(client, 200, "POST", "/auth/switch-tenant", {"tenantId": second["id"]})
    assert {each["id"] for each in there["tenants"]} == {owner.tenant["id"], second["id"]}
    async with house.client(there["accessToken"]) as client:
        assert (await told(client, 200, "GET", "/tenants/me"))["name"] == "Second Shop"


async def test_a_business_is_run_by_its_records(house: House) -> None:
    owner = await verified(house, an_address())
    async with house.client(owner["accessToken"]) as client:
        await settled(client)
        key = await told(client, 201, "POST", "/api-keys", {"name": "Site", "scopes": ["customers:read"]})
        async with house.client(key["key"]) as program:
            await told(program, 200, "GET", "/customers")
            refused = await told(program, 403, "POST", "/customers", {"name": "Grace"})
            assert "customers:write" in refused["detail"]
        await told(client, 204, "DELETE", f"/api-keys/{key['id']}")
        await seal_all(house.database)
        proof = await told(client, 200, "GET", "/admin/audit-log/verify")
        assert (proof["valid"], proof["tail"]) == (True, 0)
        log = await client.get("/admin/audit-log?action=api_key.created", headers={"Accept": "text/csv"})
        [row] = csv.DictReader(io.StringIO(log.text))
        assert (row["actorId"], row["subjectId"]) == (owner["user"]["id"], key["id"])
        assert {"users.jsonl", "audit_log.jsonl", "manifest.json"} <= set((await exported(house, client)).namelist())
        await told(client, 204, "DELETE", "/tenants/me")
        assert (await told(client, 200, "GET", "/tenants/me"))["deletesAt"]
        await told(client, 200, "POST", "/tenants/me/restore")
        assert (await told(client, 200, "GET", "/tenants/me"))["deletesAt"] is None


async def settled(client: httpx.AsyncClient) -> None:
    """Change the record, a connection and a feature; a stale change is refused."""
    before = await client.get("/tenants/me")
    rates = {"taxRates": [{"name": "Sales tax", "rate": "8.875"}]}
    for status in (200, 412):
        changed = await client.patch("/tenants/me", json=rates, headers={"If-Match": before.headers["ETag"]})
        assert changed.status_code == status, changed.text
    path, secret = "/tenants/me/integrations/stripe", "sk_test_12345678"
    await told(client, 200, "PUT", path, {"enabled": True, "publishableKey": "pk_test_12345678", "secretKey": secret})
    assert secret not in (await client.get(path)).text
    assert (await told(client, 200, "POST", f"{path}/test"))["detail"] == "no_answer"
    flags = {"flags": [{"feature": "voice_agent", "state": "on", "percentage": 100, "variants": []}]}
    shown = await told(client, 200, "PATCH", "/tenants/me/features", flags)
    assert "on" in {flag["state"] for flag in shown["flags"]}


async def exported(house: House, client: httpx.AsyncClient) -> zipfile.ZipFile:
    async with bench_over(house) as bench:
        job = await told(client, 202, "POST", "/tenants/me/export")
        await bench.run_all()
    assert (await told(client, 200, "GET", f"/jobs/{job['id']}"))["status"] == "succeeded"
    return zipfile.ZipFile(io.BytesIO((await client.get(f"/jobs/{job['id']}/file")).content))


async def told(client: httpx.AsyncClient, status: int, method: str, path: str, body: Json | None = None) -> Any:
    """The answer's body, after its status was found to be as expected."""
    answer = await client.request(method, path, json=body)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None
