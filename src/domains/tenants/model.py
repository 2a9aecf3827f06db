"""A tenant's own record, and its rules."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Annotated, Any

from babel import Locale, UnknownLocaleError
from msgspec import UNSET, Meta, UnsetType

from domains.shared.contact import EmailAddress, PhoneNumber
from domains.shared.errors import Conflict, ValidationFailed, together
from domains.shared.fields import (
    ONE_LINE,
    CurrencyCode,
    EmailText,
    LanguageTag,
    PhoneText,
    TimezoneName,
    known_currency,
    known_timezone,
    trimmed,
)
from domains.shared.postal import PostalAddress
from domains.shared.versions import Resource
from domains.shared.wire import Command
from domains.tenants.documents import (
    Invoicing,
    Numbering,
    TaxRates,
    sound_invoicing,
    sound_numbering,
    sound_rates,
)
from domains.tenants.opening_hours import OpeningHours, sound_hours
from domains.tenants.papers import DocumentSettings, Logo, sound_documents

BusinessName = Annotated[str, Meta(min_length=2, max_length=100, pattern=ONE_LINE, examples=["Harbor Plumbing"])]
SlugText = Annotated[
    str, Meta(min_length=3, max_length=40, pattern=r"^[a-z0-9-]{3,40}$(?!\n)", examples=["harbor-plumbing"])
]
DomainName = Annotated[str, Meta(min_length=3, max_length=253, pattern=ONE_LINE, examples=["harbor.example"])]
_LAST_MINUTES = timedelta(minutes=5)
EmailDomains = Annotated[tuple[DomainName, ...], Meta(max_length=50)]


class RegistrationPolicy(StrEnum):
    """Who may join as a member: anybody, those with an address of certain domains, those invited, nobody."""

    OPEN = "open"
    DOMAIN = "domain"
    INVITE = "invite"
    CLOSED = "closed"


class ChangeTenant(Command, frozen=True):
    """What to change: absent fields stay; lists, `openingHours` and groups (`documents`) are replaced whole.

    `null` clears what may be empty: address, phone, e-mail, opening hours, tax rates, e-mail domains; `numbering`,
    `documents` and `invoicing` go back to the usual ones.
    """

    name: BusinessName | UnsetType = UNSET
    slug: SlugText | UnsetType = UNSET
    address: PostalAddress | UnsetType | None = UNSET
    phone: PhoneText | UnsetType | None = UNSET
    email: EmailText | UnsetType | None = UNSET
    timezone: TimezoneName | UnsetType = UNSET
    currency: CurrencyCode | UnsetType = UNSET
    locale: LanguageTag | UnsetType = UNSET
    opening_hours: OpeningHours | UnsetType | None = UNSET
    tax_rates: TaxRates | UnsetType | None = UNSET
    numbering: Numbering | UnsetType | None = UNSET
    documents: DocumentSettings | UnsetType | None = UNSET
    invoicing: Invoicing | UnsetType | None = UNSET
    registration: RegistrationPolicy | UnsetType = UNSET
    email_domains: EmailDomains | UnsetType | None = UNSET


class Tenant(Resource, kw_only=True):
    """A business, as it shows itself and as it works. `deletes_at` is set while it is closing."""

    slug: str
    name: str
    address: PostalAddress
    phone: str | None
    email: str | None
    timezone: str
    currency: str
    locale: str
    opening_hours: OpeningHours
    tax_rates: TaxRates
    numbering: Numbering
    documents: DocumentSettings
    logo: Logo | None
    invoicing: Invoicing
    registration: RegistrationPolicy
    email_domains: tuple[str, ...]
    deletes_at: datetime | None

    def change(self, order: ChangeTenant, *, now: datetime) -> list[str]:
        """Carry out `order`, and name the fields that are now different. Where there are none, the version stays."""
        changed = self.take(_normalised(order.given()), now=now)
        if changed:
            self._must_let_somebody_in()
        return changed

    def bear(self, logo: Logo | None, *, now: datetime) -> bool:
        """Show itself by `logo`. Whether that is another one than before."""
        is_new = logo != self.logo
        if is_new:
            self.logo = logo
            self.touch(now)
        return is_new

    @property
    def is_closing(self) -> bool:
        return self.deletes_at is not None

    @property
    def is_open(self) -> bool:
        return not self.is_closing

    def close(self, *, now: datetime, grace: timedelta) -> datetime:
        """Have it deleted when `grace` is over, and say when that is."""
        self.deletes_at = now + grace
        self.touch(now)
        return self.deletes_at

    def reopen(self, *, now: datetime) -> None:
        """Keep it. `Conflict` in its last minutes, and beyond: the deletion may have begun."""
        if self.deletes_at is not None and self.deletes_at - now < _LAST_MINUTES:
            raise Conflict("Its time is over: it is being deleted.")
        self.deletes_at = None
        self.touch(now)

    def _must_let_somebody_in(self) -> None:
        if self.registration is RegistrationPolicy.DOMAIN and not self.email_domains:
            raise ValidationFailed.of("emailDomains", "required", "The policy `domain` needs a domain at least.")


def _normalised(given: dict[str, Any]) -> dict[str, Any]:
    kept = together(*(partial(_kept, name, value) for name, value in given.items()))
    return dict(zip(given, kept, strict=True))


def _kept(name: str, value: Any) -> Any:
    if value is None:
        empty = _EMPTY.get(name)
        return empty() if empty else None
    form = _FORMS.get(name)
    return form(value, _camel(name)) if form else value


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.title() for word in rest)


def _name(text: str, field: str) -> str:
    return trimmed(text, field, shortest=2)


def _address(address: PostalAddress, field: str) -> PostalAddress:
    return address.kept(field) or PostalAddress()


def _phone(text: str, field: str) -> str:
    return PhoneNumber.parse(text, field, region=None).value


def _email(text: str, field: str) -> str:
    return EmailAddress.parse(text, field).value


def _locale(tag: str, field: str) -> str:
    """The tag as it is usually written: `pt-BR`."""
    try:
        return str(Locale.parse(tag, sep="-")).replace("_", "-")
    except (UnknownLocaleError, ValueError):
        raise ValidationFailed.of(field, "unknown_locale", "Expected a known language, such as en or pt-BR.") from None


def _domains(names: tuple[str, ...], field: str) -> tuple[str, ...]:
    found = together(*(partial(_domain, name, f"{field}[{at}]") for at, name in enumerate(names)))
    return tuple(dict.fromkeys(found))


def _domain(name: str, field: str) -> str:
    """As it stands behind the @ of a normalised address."""
    try:
        return EmailAddress.parse(f"somebody@{name.strip()}", field).value.rpartition("@")[2]
    except ValidationFailed:
        raise ValidationFailed.of(field, "invalid_domain", "Expected a domain, such as example.com.") from None


_EMPTY: dict[str, Callable[[], Any]] = {
    "address": PostalAddress,
    "opening_hours": OpeningHours,
    "tax_rates": tuple,
    "numbering": Numbering,
    "documents": DocumentSettings,
    "invoicing": Invoicing,
    "email_domains": tuple,
}
_FORMS: dict[str, Callable[[Any, str], Any]] = {
    "name": _name,
    "address": _address,
    "phone": _phone,
    "email": _email,
    "timezone": known_timezone,
    "currency": known_currency,
    "locale": _locale,
    "opening_hours": sound_hours,
    "tax_rates": sound_rates,
    "numbering": sound_numbering,
    "documents": sound_documents,
    "invoicing": sound_invoicing,
    "email_domains": _domains,
}
