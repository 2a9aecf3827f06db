"""What the demo tenant says of itself."""

from domains.shared.postal import PostalAddress
from domains.tenants.documents import TaxRate
from domains.tenants.model import ChangeTenant
from domains.tenants.opening_hours import OpeningHours, OpeningPeriod

_WEEKDAY = (OpeningPeriod(opens="08:00", closes="17:30"),)

BUSINESS = ChangeTenant(
    address=PostalAddress(street="4 Harbor Row", city="New York", state="NY", zip_code="10004", country="US"),
    phone="+12125550100",
    email="office@seabright.test",
    opening_hours=OpeningHours(
        monday=_WEEKDAY,
        tuesday=_WEEKDAY,
        wednesday=_WEEKDAY,
        thursday=_WEEKDAY,
        friday=_WEEKDAY,
        saturday=(OpeningPeriod(opens="09:00", closes="13:00"),),
    ),
    tax_rates=(TaxRate(name="Sales tax", rate="8.875"),),
)
