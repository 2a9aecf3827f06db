"""Tenants' own records, for tests."""

from domains.shared.ids import new_id
from domains.shared.postal import PostalAddress
from domains.tenants import (
    DocumentSettings,
    Invoicing,
    Numbering,
    OpeningHours,
    RegistrationPolicy,
    Tenant,
)
from tests.support.fakes import NOON


def a_tenant() -> Tenant:
    """A business that has said nothing of itself yet."""
    return Tenant(
        id=new_id(),
        slug="harbor",
        name="Harbor",
        address=PostalAddress(),
        phone=None,
        email=None,
        timezone="America/New_York",
        currency="USD",
        locale="en",
        opening_hours=OpeningHours(),
        tax_rates=(),
        numbering=Numbering(),
        documents=DocumentSettings(),
        logo=None,
        invoicing=Invoicing(),
        registration=RegistrationPolicy.INVITE,
        email_domains=(),
        deletes_at=None,
        version=1,
        created_at=NOON,
        updated_at=NOON,
    )
