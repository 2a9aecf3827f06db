"""From the registration form to a token."""

import re

from tests.support.house import House

ORDER = {
    "tenantName": "Harbor Plumbing",
    "email": "Ada@Harbor.example.com",
    "password": "Correct-Horse-7",
    "displayName": "Ada Lovelace",
    "agreeToTerms": True,
}


async def test_a_business_registers_and_its_owner_logs_in(house: House) -> None:
    async with house.client() as client:
        started = await client.post("/auth/register", json=ORDER)
        assert (started.status_code, started.json()) == (202, {"verificationRequired": True})
        await house.follow_up()
        letter = house.mail_to("ada@harbor.example.com")[0]
        code = re.search(r"\b\d{6}\b", letter.text)
        assert code
        early = await client.post("/auth/login", json={"email": ORDER["email"], "password": ORDER["password"]})
        assert (early.status_code, early.json()["code"]) == (401, "email_not_verified")
        verified = await client.post("/auth/verify-email", json={"email": ORDER["email"], "code": code.group()})
        assert verified.status_code == 200, verified.text
        again = await client.post("/auth/login", json={"email": ORDER["email"], "password": ORDER["password"]})
        assert again.status_code == 200, again.text
        signed_in = again.json()
    async with house.client(signed_in["accessToken"]) as client:
        me = await client.get("/auth/me")
        assert me.json() == {"user": signed_in["user"], "tenant": signed_in["tenant"]}
    assert signed_in["user"]["role"] == "owner"
    assert signed_in["tenant"]["slug"] == "harbor-plumbing"
