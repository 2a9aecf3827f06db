"""The people who work at the demo tenant, or belong to it, beside its owner."""

from datetime import date

import msgspec

from domains.identity import Certification, Status
from domains.shared.permissions import Role
from domains.shared.postal import PostalAddress
from domains.users.model import ChangeUser, SetStatus, SuspendUser
from domains.users.profile import ChangeProfile
from domains.users.visibility import ChangeFieldVisibility, Circle


class Teammate(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is invited with a role, and what becomes of them."""

    email: str
    name: str
    role: Role
    profile: ChangeProfile
    status: SetStatus | None = None
    membership: ChangeUser | None = None
    suspended: SuspendUser | None = None


_HIDDEN = ChangeFieldVisibility(email=Circle.ADMINS, phone=Circle.ADMINS, location=Circle.STAFF)
_OPEN = ChangeFieldVisibility(email=Circle.EVERYONE, phone=Circle.EVERYONE)
_NEW_YORK = "America/New_York"

TEAM = (
    Teammate(
        email="katherine@demo.test", name="Katherine Johnson", role=Role.ADMIN,
        profile=ChangeProfile(
            first_name="Katherine", last_name="Johnson", username="katherine", title="Office manager",
            company="Seabright Plumbing", phone="+12125550111", location="Brooklyn", timezone=_NEW_YORK,
            preferred_language="en", bio="Computes the routes of the day in her head.",
            skills=("scheduling", "bookkeeping", "estimates"), field_visibility=_OPEN,
            address=PostalAddress(street="8 Orbit Street", city="Brooklyn", state="NY", zip_code="11201", country="US"),
        ),
        status=SetStatus(status=Status.ONLINE, message="Ask me about invoices"),
    ),
    Teammate(
        email="emilia@demo.test", name="Emilia Pardo", role=Role.ADMIN,
        profile=ChangeProfile(
            first_name="Emilia", last_name="Pardo", username="emilia", title="Accountant", phone="+12125550112",
            location="Queens", timezone=_NEW_YORK, preferred_language="es", skills=("bookkeeping", "taxes"),
        ),
        status=SetStatus(status=Status.IN_MEETING, message="Cierre de mes"),
    ),
    Teammate(
        email="alan@demo.test", name="Alan Turing", role=Role.STAFF,
        profile=ChangeProfile(
            first_name="Alan", last_name="Turing", username="alan", title="Plumber", phone="+12125550113",
            location="Manhattan", timezone=_NEW_YORK, preferred_language="en",
            skills=("plumbing", "leak detection", "boilers"), website="https://alan.demo.example.com",
            certifications=(
                Certification(name="Journeyman Plumber", issuer="State of New York", issue_date=date(2019, 6, 1)),
            ),
        ),
        status=SetStatus(status=Status.BUSY, message="On a ladder"),
    ),
    Teammate(
        email="joan@demo.test", name="Joan Clarke", role=Role.STAFF,
        profile=ChangeProfile(
            first_name="Joan", last_name="Clarke", username="joan", title="Plumber", phone="+12125550114",
            location="Manhattan", timezone=_NEW_YORK, preferred_language="en", skills=("plumbing", "drains"),
            linkedin="https://www.linkedin.com/in/joan-of-demo",
        ),
        status=SetStatus(status=Status.ONLINE),
    ),
    Teammate(
        email="ramon@demo.test", name="Ramón y Cajal", role=Role.STAFF,
        profile=ChangeProfile(
            first_name="Ramón", last_name="y Cajal", username="ramon", title="Plumber", phone="+12125550115",
            location="The Bronx", timezone=_NEW_YORK, preferred_language="es", skills=("plumbing", "gas"),
            certifications=(
                Certification(
                    name="Gas work", issuer="City of New York", issue_date=date(2024, 4, 2),
                    expiry_date=date(2027, 4, 1),
                ),
            ),
        ),
        status=SetStatus(status=Status.AWAY, message="Vuelvo a las tres"),
    ),
    Teammate(
        email="beatriz@demo.test", name="Beatriz Nascimento", role=Role.STAFF,
        profile=ChangeProfile(
            first_name="Beatriz", last_name="Nascimento", username="beatriz", title="Dispatcher", phone="+12125550116",
            location="Newark", timezone=_NEW_YORK, preferred_language="pt-BR", skills=("scheduling", "customer care"),
        ),
        status=SetStatus(status=Status.ONLINE, message="Bom dia!"),
    ),
    Teammate(
        email="hedy@demo.test", name="Hedy Lamarr", role=Role.STAFF,
        profile=ChangeProfile(
            first_name="Hedy", last_name="Lamarr", username="hedy", title="Apprentice", phone="+12125550117",
            location="Manhattan", timezone=_NEW_YORK, preferred_language="de", skills=("plumbing", "radio"),
            field_visibility=_HIDDEN,
        ),
        status=SetStatus(status=Status.OFFLINE),
    ),
    Teammate(
        email="marie@demo.test", name="Marie Tharp", role=Role.MEMBER,
        profile=ChangeProfile(
            first_name="Marie", last_name="Tharp", username="marie", company="Tharp Maps", title="Surveyor",
            phone="+12125550118", location="Nyack", timezone=_NEW_YORK, preferred_language="fr", skills=("maps",),
        ),
        membership=ChangeUser(member_type="premium", member_since=date(2023, 3, 1)),
    ),
    Teammate(
        email="wu@demo.test", name="Wu Chien-Shiung", role=Role.MEMBER,
        profile=ChangeProfile(
            first_name="Chien-Shiung", last_name="Wu", username="wu", company="Parity Labs", title="Facility manager",
            phone="+12125550119", location="Manhattan", timezone=_NEW_YORK, preferred_language="zh",
            skills=("laboratories", "water treatment"), field_visibility=_OPEN,
        ),
        status=SetStatus(status=Status.ONLINE),
        membership=ChangeUser(member_type="premium", member_since=date(2022, 9, 15)),
    ),
    Teammate(
        email="omar@demo.test", name="Omar Khayyam", role=Role.MEMBER,
        profile=ChangeProfile(
            first_name="Omar", last_name="Khayyam", username="omar", company="Rubai Cafés", title="Owner",
            phone="+12125550120", location="Jersey City", timezone=_NEW_YORK, preferred_language="ar",
            skills=("hospitality",), field_visibility=_HIDDEN,
        ),
        membership=ChangeUser(member_type="regular", member_since=date(2025, 1, 20)),
    ),
    Teammate(
        email="sofia@demo.test", name="Sofia Kovalevskaya", role=Role.MEMBER,
        profile=ChangeProfile(
            first_name="Sofia", last_name="Kovalevskaya", username="sofia", company="Spinning Tops", title="Landlady",
            location="London", timezone="Europe/London", preferred_language="en",
        ),
        membership=ChangeUser(member_type="regular", member_since=date(2026, 5, 4)),
    ),
    Teammate(
        email="charles@demo.test", name="Charles Babbage", role=Role.STAFF,
        profile=ChangeProfile(
            first_name="Charles", last_name="Babbage", username="charles", title="Plumber", preferred_language="en",
        ),
        suspended=SuspendUser(reason="Left the company"),
    ),
)  # fmt: skip
"""A dozen, in the order in which they came. What they do not choose stays as it is for anybody."""
