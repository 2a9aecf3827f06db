"""In which language people are written to: their own, else the tenant's, else English. Architecture 26."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domains.shared.permissions import Role
from tests.support.databases import TestDatabase
from tests.support.house import House, house_over
from tests.support.people import Tenant, new_person, new_tenant
from tests.support.registrations import PASSWORD, an_address
from tests.support.signed_up import NEW_PASSWORD, mailed_token, post, signed_up, subjects
from tests.support.stories import inspector

LOCALE = "update tenants set locale = $2 where tenant_id = $1"
OWN = "update users set preferred_language = $2 where id = $1"
OVER = "update directory.tenants set deletes_at = now() - interval '1 second' where id = $1"
DUE = "update work.envelopes set due_at = now() - interval '1 second' where tenant_id = $1 and kind = 'tenants.purge'"

languages = pytest.mark.parametrize(
    ("own", "tenants", "found"),
    [
        ("es-MX", "en", "es"),
        ("en", "es", "en"),
        (None, "es-419", "es"),
        ("fr", "es", "es"),
        (None, "de", "en"),
    ],
)


@pytest.fixture
async def lonely(own_database: TestDatabase, tmp_path: Path) -> AsyncIterator[House]:
    """A house whose envelopes are nobody else's."""
    async with house_over(own_database, tmp_path) as house:
        yield house


async def speaks(house: House, tenant: Tenant, own: str | None, tenants: str) -> None:
    async with inspector(house) as admin:
        await admin.execute(LOCALE, tenant.id, tenants)
        await admin.execute(OWN, tenant.owner.user, own)


async def test_all_that_an_account_is_told_is_in_its_persons_language(house: House) -> None:
    person, other, email = await signed_up(house, preferredLanguage="es"), await signed_up(house), an_address()
    for new in (other.email, email):
        asked = await post(house, "/auth/change-email", {"newEmail": new, "password": PASSWORD}, person.token)
        assert asked.status_code == 202
        await house.follow_up()
    await post(house, "/auth/forgot-password", {"email": person.email})
    token = await mailed_token(house, person.email, "reset-password")
    reset = await post(house, "/auth/reset-password", {"token": token, "newPassword": NEW_PASSWORD})
    assert reset.status_code == 204, reset.text
    await house.follow_up()
    changes = ["La dirección de su cuenta de Frontdesk va a cambiar"] * 2
    assert subjects(house, person.email)[:4] == [
        "Se ha cambiado su contraseña de Frontdesk", "Elija una contraseña nueva para Frontdesk", *changes,
    ]  # fmt: skip
    assert subjects(house, other.email)[0] == "Usted ya tiene una cuenta de Frontdesk"
    assert subjects(house, email) == ["Confirme esta dirección para Frontdesk"]
    assert subjects(house, other.email)[1].startswith("Your code for ")


@languages
async def test_a_user_is_written_to_in_their_own_language(
    house: House, tenant: Tenant, own: str | None, tenants: str, found: str
) -> None:
    await speaks(house, tenant, None, tenants)
    person = await new_person(house, tenant, Role.STAFF, preferred_language=own)
    invited = an_address()
    async with house.client(tenant.owner.token) as client:
        await client.post(f"/admin/users/{person.user}/suspend", json={"reason": "Ya no está"})
        await house.follow_up()
        await client.post(f"/admin/users/{person.user}/activate")
        await client.post("/admin/invitations", json={"email": invited, "role": "staff"})
        await house.follow_up()
    told = {
        "es": [f"Se ha restablecido su acceso a {tenant.slug}", f"Se ha suspendido su acceso a {tenant.slug}"],
        "en": [f"Your access to {tenant.slug} is restored", f"Your access to {tenant.slug} is suspended"],
    }
    assert subjects(house, person.email) == told[found]
    assert (" le invita a " in subjects(house, invited)[0]) == tenants.startswith("es")


@languages
async def test_owners_are_told_of_the_end_in_their_own_language(
    lonely: House, own: str | None, tenants: str, found: str
) -> None:
    tenant = await new_tenant(lonely)
    await speaks(lonely, tenant, own, tenants)
    async with lonely.client(tenant.owner.token) as client:
        assert (await client.delete("/tenants/me")).status_code == 204
    await lonely.follow_up()
    async with inspector(lonely) as admin:
        await admin.execute(OVER, tenant.id)
        await admin.execute(DUE, tenant.id)
    await lonely.follow_up()
    last, closed = subjects(lonely, tenant.owner.email)
    assert last == tenant.slug + {"es": " se ha eliminado", "en": " has been deleted"}[found]
    assert closed.startswith(tenant.slug + {"es": " se ha cerrado y", "en": " is closed, and"}[found])
