"""Customers, their fields and their files."""

from domains.shared.ids import new_id
from domains.shared.permissions import Permission
from tests.security.http.operations.known import Known, made
from tests.support.house import House
from tests.support.people import Tenant


async def customer(house: House, tenant: Tenant) -> str:
    return await made(house, tenant, "/customers", {"name": "Ada", "emails": [f"{new_id().hex}@example.com"]})


async def _field(house: House, tenant: Tenant) -> str:
    body = {"key": f"of{new_id().hex}", "label": "A field", "type": "text"}
    return await made(house, tenant, "/customers/fields", body)


async def _import(house: House, tenant: Tenant) -> str:
    async with house.client(tenant.owner.token) as client:
        begun = await client.post("/customers/import", content=b"Name\nAda\n", headers={"Content-Type": "text/csv"})
    return str(begun.json()["id"])


CUSTOMERS = Known(
    permission_of={
        "addCustomerNote": Permission.CUSTOMERS_WRITE,
        "archiveCustomer": Permission.CUSTOMERS_WRITE,
        "changeCustomer": Permission.CUSTOMERS_WRITE,
        "changeCustomerField": Permission.CUSTOMER_FIELDS_WRITE,
        "createCustomer": Permission.CUSTOMERS_WRITE,
        "defineCustomerField": Permission.CUSTOMER_FIELDS_WRITE,
        "eraseCustomer": Permission.CUSTOMERS_ERASE,
        "exportCustomers": Permission.CUSTOMERS_EXPORT,
        "getCustomer": Permission.CUSTOMERS_READ,
        "importCustomers": Permission.CUSTOMERS_IMPORT,
        "listCustomerFields": Permission.CUSTOMERS_READ,
        "listCustomerTags": Permission.CUSTOMERS_READ,
        "listCustomerTimeline": Permission.CUSTOMERS_READ,
        "listCustomers": Permission.CUSTOMERS_READ,
        "listDuplicates": Permission.CUSTOMERS_READ,
        "listImportFaults": Permission.CUSTOMERS_IMPORT,
        "mergeCustomer": Permission.CUSTOMERS_WRITE,
        "removeCustomerField": Permission.CUSTOMER_FIELDS_WRITE,
        "restoreCustomer": Permission.CUSTOMERS_WRITE,
        "unmergeCustomer": Permission.CUSTOMERS_WRITE,
    },
    asks_more={"importCustomers": "unsupported_media_type", "unmergeCustomer": "conflict"},
    makers={"customerId": customer, "fieldId": _field, "importId": _import},
    shown_in={
        "customerId": {"listAuditLog", "listCustomers"},
        "fieldId": {"listAuditLog"},
        "importId": {"listAuditLog", "listJobs"},
    },
)
