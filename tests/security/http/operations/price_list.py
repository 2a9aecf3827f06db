"""The price list."""

from domains.shared.permissions import Permission
from tests.security.http.operations.known import Known, made
from tests.support.house import House
from tests.support.people import Tenant


async def _price(house: House, tenant: Tenant) -> str:
    return await made(house, tenant, "/price-list", {"name": f"Of {tenant.slug}", "unitPrice": 100})


PRICE_LIST = Known(
    permission_of={
        "archivePriceItem": Permission.SERVICES_WRITE,
        "changePriceItem": Permission.SERVICES_WRITE,
        "createPriceItem": Permission.SERVICES_WRITE,
        "getPriceItem": Permission.QUOTES_READ,
        "listPriceItems": Permission.QUOTES_READ,
    },
    makers={"priceItemId": _price},
    shown_in={"priceItemId": {"listAuditLog", "listPriceItems"}},
)
