"""What the owner of the demo tenant says of herself."""

from datetime import date

from domains.identity import Certification, Status
from domains.shared.postal import PostalAddress
from domains.users.model import SetStatus
from domains.users.profile import ChangeProfile
from domains.users.visibility import ChangeFieldVisibility, Circle

OWNER_PROFILE = ChangeProfile(
    first_name="Grace",
    last_name="Hopper",
    username="grace",
    title="Owner",
    company="Seabright Plumbing",
    phone="+12125550100",
    address=PostalAddress(street="4 Harbor Row", city="New York", state="NY", zip_code="10004", country="US"),
    location="New York",
    bio="Thirty years of pipes. Keeps a nanosecond of wire on her desk.",
    website="https://www.seabright-plumbing.example.com",
    skills=("plumbing", "boilers", "estimates"),
    certifications=(
        Certification(name="Master Plumber", issuer="City of New York", issue_date=date(2004, 5, 3)),
        Certification(
            name="Backflow tester",
            issuer="State of New York",
            issue_date=date(2025, 2, 1),
            expiry_date=date(2028, 1, 31),
        ),
    ),
    preferred_language="en",
    timezone="America/New_York",
    field_visibility=ChangeFieldVisibility(phone=Circle.EVERYONE, email=Circle.EVERYONE, address=Circle.STAFF),
)
OWNER_STATUS = SetStatus(status=Status.ONLINE, message="Ask me about boilers")
