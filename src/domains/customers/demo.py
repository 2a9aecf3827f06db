"""The customers of the demo tenant, in the order in which they came."""

from domains.customers.model import CreateCustomer
from domains.shared.postal import PostalAddress

CUSTOMERS = (
    CreateCustomer(
        name="Ada Lovelace",
        emails=("ada@customers.test",),
        phones=("+12125550101",),
        addresses=(
            PostalAddress(street="12 Analytical Way", city="New York", state="NY", zip_code="10001", country="US"),
        ),
        tags=("vip", "residential"),
        source="referral",
        preferred_language="en",
    ),
    CreateCustomer(
        company="Bluebird Bakery",
        emails=("orders@bluebird.test",),
        phones=("+12125550102",),
        tags=("commercial",),
        notes="The water main is behind the left oven. Deliveries until eight in the morning.",
        source="website",
    ),
    CreateCustomer(name="Joaquín Sorolla", emails=("joaquin@customers.test",), preferred_language="es", source="phone"),
    CreateCustomer(
        name="Emmy Noether",
        company="Noether Rings",
        emails=("emmy@noether.test", "billing@noether.test"),
        phones=("+12125550104",),
        tags=("commercial", "maintenance"),
        custom={"gateCode": "1918"},
    ),
    CreateCustomer(name="Søren Kierkegaard", phones=("+12125550105",), tags=("residential",), source="website"),
    CreateCustomer(company="Riverside Rowing Club", emails=("boathouse@riverside.test",), tags=("association",)),
)
