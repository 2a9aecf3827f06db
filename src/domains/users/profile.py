"""What people say of themselves: the kinds of field, and what they are when they are kept."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec import UNSET, UnsetType

from domains.identity import (
    Bio,
    Certification,
    Certifications,
    LinkedIn,
    Skills,
    Username,
    WebAddress,
)
from domains.shared.contact import PhoneNumber
from domains.shared.errors import ValidationFailed, together
from domains.shared.fields import (
    CompanyName,
    DisplayName,
    FirstName,
    JobTitle,
    LanguageTag,
    LastName,
    PhoneText,
    TimezoneName,
    Whereabouts,
    known_timezone,
    trimmed,
)
from domains.shared.postal import PostalAddress
from domains.shared.wire import Command
from domains.users.visibility import ChangeFieldVisibility


class ChangePreferences(Command, frozen=True):
    """An absent field stays as it is."""

    notifications: bool | UnsetType = UNSET
    sound_enabled: bool | UnsetType = UNSET


class ChangeNotificationPreferences(Command, frozen=True):
    """An absent field stays as it is."""

    email: bool | UnsetType = UNSET
    sms: bool | UnsetType = UNSET
    push: bool | UnsetType = UNSET


class ChangeProfile(Command, frozen=True):
    """What to change of one's own profile.

    An absent field stays as it is, `null` clears it or takes the default again; lists and the address are replaced
    whole. `username` is unique in the tenant, and cannot be cleared, nor can `displayName`.
    """

    display_name: DisplayName | UnsetType = UNSET
    username: Username | UnsetType = UNSET
    first_name: FirstName | UnsetType | None = UNSET
    last_name: LastName | UnsetType | None = UNSET
    company: CompanyName | UnsetType | None = UNSET
    title: JobTitle | UnsetType | None = UNSET
    phone: PhoneText | UnsetType | None = UNSET
    address: PostalAddress | UnsetType | None = UNSET
    location: Whereabouts | UnsetType | None = UNSET
    bio: Bio | UnsetType | None = UNSET
    website: WebAddress | UnsetType | None = UNSET
    linkedin: LinkedIn | UnsetType | None = UNSET
    skills: Skills | UnsetType | None = UNSET
    certifications: Certifications | UnsetType | None = UNSET
    preferred_language: LanguageTag | UnsetType | None = UNSET
    timezone: TimezoneName | UnsetType | None = UNSET
    preferences: ChangePreferences | UnsetType | None = UNSET
    notification_preferences: ChangeNotificationPreferences | UnsetType | None = UNSET
    field_visibility: ChangeFieldVisibility | UnsetType | None = UNSET


def as_kept(order: ChangeProfile) -> dict[str, Any]:
    """The fields that are given, in the form in which they are kept. Raise one `ValidationFailed` for all bad ones."""
    given = order.given()
    kept = together(*(partial(_kept, name, value) for name, value in given.items()))
    return dict(zip(given, kept, strict=True))


def _kept(name: str, value: Any) -> Any:
    if value is None:
        return () if name in {"skills", "certifications"} else None
    if form := _FORMS.get(name):
        return form(value, name)
    return value.strip() or None if isinstance(value, str) else value


def _display_name(text: str, _: str) -> str:
    return trimmed(text, "displayName", shortest=2)


def _phone(text: str, field: str) -> str:
    return PhoneNumber.parse(text, field, region=None).value


def _web_address(text: str, field: str) -> str:
    """An address that a browser may be sent to: http or https, of a named host, without a password in it."""
    found = text.strip()
    try:
        parts = urlsplit(found)
        is_sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
        is_sound = is_sound and " " not in found and "\\" not in found and (parts.port is None or parts.port > 0)
    except ValueError:
        is_sound = False
    if not is_sound:
        raise ValidationFailed.of(field, "invalid_url", "Expected an address such as https://www.example.com.")
    return found


def _linkedin(text: str, field: str) -> str:
    found = _web_address(text, field)
    host = urlsplit(found).hostname or ""
    if host != "linkedin.com" and not host.endswith(".linkedin.com"):
        raise ValidationFailed.of(field, "invalid_url", "Expected an address of linkedin.com.")
    return found


def _skills(skills: Iterable[str], _: str) -> tuple[str, ...]:
    """Each once, whatever its case, in the order given."""
    once: dict[str, str] = {}
    for skill in skills:
        once.setdefault(skill.strip().casefold(), skill.strip())
    return tuple(skill for skill in once.values() if skill)


def _certifications(certifications: Iterable[Certification], field: str) -> tuple[Certification, ...]:
    return tuple(together(*(partial(_certified, each, f"{field}[{at}]") for at, each in enumerate(certifications))))


def _certified(each: Certification, field: str) -> Certification:
    if each.issue_date and each.expiry_date and each.expiry_date < each.issue_date:
        raise ValidationFailed.of(f"{field}.expiryDate", "before_issue", "It expires before it was issued.")
    name = trimmed(each.name, f"{field}.name", shortest=1)
    return msgspec.structs.replace(each, name=name, issuer=each.issuer and (each.issuer.strip() or None))


def _timezone(name: str, field: str) -> str:
    return known_timezone(name, field)


_FORMS: dict[str, Callable[[Any, str], Any]] = {
    "display_name": _display_name,
    "phone": _phone,
    "address": PostalAddress.kept,
    "website": _web_address,
    "linkedin": _linkedin,
    "skills": _skills,
    "certifications": _certifications,
    "timezone": _timezone,
}
