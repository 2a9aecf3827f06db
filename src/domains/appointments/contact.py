"""Who books online, as they say themselves. What the business keeps of its customers is not touched by it."""

from functools import partial
from typing import Self

from domains.shared.contact import EmailAddress, PhoneNumber
from domains.shared.errors import together
from domains.shared.fields import EmailText, PersonName, PhoneText, trimmed
from domains.shared.wire import View


class VisitContact(View, frozen=True):
    """The name and the addresses that were given with a booking. Letters about it go there."""

    name: PersonName
    email: EmailText
    phone: PhoneText | None = None

    @classmethod
    def given(cls, *, name: str, email: str, phone: str | None) -> Self:
        """In the one form of each. `ValidationFailed` names all that is wrong, by the fields of who filled them in."""
        found = together(partial(trimmed, name, "name", shortest=1), partial(_email, email), partial(_phone, phone))
        return cls(name=found[0] or "", email=found[1] or "", phone=found[2])


def _email(text: str) -> str | None:
    return EmailAddress.parse(text, "email").value


def _phone(text: str | None) -> str | None:
    return PhoneNumber.parse(text, "phone", region=None).value if text else None
