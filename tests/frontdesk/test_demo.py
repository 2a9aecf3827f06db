"""What the demo tenant is furnished with goes through the use cases, and is there."""

from domains.identity import ConfirmedRegistration, NewTenant, Profile
from domains.shared.ids import new_id
from frontdesk.demo import _furnish
from tests.support.fakes import NOON
from tests.support.house import House
from tests.support.people import Tenant


async def test_the_owner_has_a_profile_and_there_are_customers(house: House, tenant: Tenant) -> None:
    profile = Profile(
        username="owner", phone=None, preferred_language=None, timezone="UTC", currency="USD", first_name=None,
        last_name=None, company=None, title=None,
    )  # fmt: skip
    registration = ConfirmedRegistration(
        id=new_id(), tenant=tenant.id, tenant_name="Harbor", display_name="Grace Hopper", profile=profile
    )
    founded = NewTenant(
        id=tenant.id, slug=tenant.slug, owner=tenant.owner.user, account=tenant.owner.account,
        owner_email=tenant.owner.email, registration=registration, founded_at=NOON,
    )  # fmt: skip
    await _furnish(house.work, founded)
    async with house.client(tenant.owner.token) as client:
        me = (await client.get("/users/me")).json()
        assert (me["title"], me["status"], me["statusMessage"]) == ("Owner", "online", "Ask me about boilers")
        assert len(me["certifications"]) == 2
        assert len((await client.get("/customers")).json()["items"]) == 6
