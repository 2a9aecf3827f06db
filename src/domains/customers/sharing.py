"""What a customer takes over from one that is merged into it, and gives back when that is undone."""

from typing import Any

import msgspec

from domains.customers.fields import MOST, CustomValue
from domains.customers.forms import alike
from domains.customers.model import Customer
from domains.shared.postal import PostalAddress

_LISTS = ("emails", "phones", "addresses", "tags")
_SCALARS = ("name", "company", "notes", "preferred_language", "source")
DETAILS = (*_LISTS, *_SCALARS, "custom")


class Contribution(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one customer has from another: only what it did not have itself."""

    name: str | None = None
    company: str | None = None
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    addresses: tuple[PostalAddress, ...] = ()
    tags: tuple[str, ...] = ()
    notes: str | None = None
    preferred_language: str | None = None
    source: str | None = None
    custom: dict[str, CustomValue] = {}

    def and_more(self, more: "Contribution") -> "Contribution":
        """The sum with `more`, which has nothing of this."""
        lists = {name: getattr(self, name) + getattr(more, name) for name in _LISTS}
        scalars = {name: getattr(more, name) or getattr(self, name) for name in _SCALARS}
        return Contribution(**lists, **scalars, custom={**self.custom, **more.custom})

    @classmethod
    def to(cls, customer: Customer, other: Customer) -> "Contribution":
        """What `other` can add to `customer`: entries while there is room, and values where there are none."""
        lists: dict[str, Any] = {name: _missing(name, getattr(customer, name), getattr(other, name)) for name in _LISTS}
        scalars: dict[str, Any] = {name: getattr(other, name) for name in _SCALARS if getattr(customer, name) is None}
        keys = [key for key in other.custom if key not in customer.custom][: MOST["custom"] - len(customer.custom)]
        return cls(**lists, **scalars, custom={key: other.custom[key] for key in keys})

    def added_to(self, customer: Customer) -> dict[str, Any]:
        """The details of `customer` with this."""
        lists = {name: getattr(customer, name) + getattr(self, name) for name in _LISTS}
        scalars = {name: value for name in _SCALARS if (value := getattr(self, name)) is not None}
        return {**lists, **scalars, "custom": {**customer.custom, **self.custom}}

    def taken_from(self, customer: Customer) -> dict[str, Any]:
        """The details of `customer` without this. What was changed since stays, as does the last name."""
        lists = {
            name: tuple(value for value in getattr(customer, name) if value not in getattr(self, name))
            for name in _LISTS
        }
        scalars = {name: None for name in _SCALARS if _is_still(getattr(self, name), getattr(customer, name))}
        if scalars.get("name", customer.name) is None and scalars.get("company", customer.company) is None:
            scalars = {name: None for name in scalars if name not in {"name", "company"}}
        custom = {key: value for key, value in customer.custom.items() if not _is_still(self.custom.get(key), value)}
        return {**lists, **scalars, "custom": custom}


def _missing(name: str, own: tuple[Any, ...], others: tuple[Any, ...]) -> tuple[Any, ...]:
    there = {alike(name, entry) for entry in own}
    return tuple(entry for entry in others if alike(name, entry) not in there)[: max(MOST[name] - len(own), 0)]


def _is_still(added: object, present: object) -> bool:
    return added is not None and added == present
