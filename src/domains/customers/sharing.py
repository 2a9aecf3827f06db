"""What a customer takes over from one that is merged into it, and gives back when that is undone."""

from typing import Any

import msgspec

from domains.customers.model import Address, Customer, CustomValue

_MOST = {"emails": 20, "phones": 20, "addresses": 10, "tags": 50}
_SCALARS = ("name", "company", "notes", "preferred_language", "source")
DETAILS = (*_MOST, *_SCALARS, "custom")
_MOST_CUSTOM = 50


class Contribution(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one customer has from another: only what it did not have itself."""

    name: str | None = None
    company: str | None = None
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    addresses: tuple[Address, ...] = ()
    tags: tuple[str, ...] = ()
    notes: str | None = None
    preferred_language: str | None = None
    source: str | None = None
    custom: dict[str, CustomValue] = {}

    def and_more(self, more: "Contribution") -> "Contribution":
        """The sum with `more`, which has nothing of this."""
        lists = {name: getattr(self, name) + getattr(more, name) for name in _MOST}
        scalars = {name: getattr(more, name) or getattr(self, name) for name in _SCALARS}
        return Contribution(**lists, **scalars, custom={**self.custom, **more.custom})

    @classmethod
    def to(cls, customer: Customer, other: Customer) -> "Contribution":
        """What `other` can add to `customer`: entries while there is room, and values where there are none."""
        lists: dict[str, Any] = {
            name: _missing(getattr(customer, name), getattr(other, name), most) for name, most in _MOST.items()
        }
        scalars: dict[str, Any] = {name: getattr(other, name) for name in _SCALARS if getattr(customer, name) is None}
        keys = [key for key in other.custom if key not in customer.custom][: _MOST_CUSTOM - len(customer.custom)]
        return cls(**lists, **scalars, custom={key: other.custom[key] for key in keys})

    def added_to(self, customer: Customer) -> dict[str, Any]:
        """The details of `customer` with this."""
        lists = {name: getattr(customer, name) + getattr(self, name) for name in _MOST}
        scalars = {name: value for name in _SCALARS if (value := getattr(self, name)) is not None}
        return {**lists, **scalars, "custom": {**customer.custom, **self.custom}}

    def taken_from(self, customer: Customer) -> dict[str, Any]:
        """The details of `customer` without this. What was changed since stays, as does the last name."""
        lists = {
            name: tuple(value for value in getattr(customer, name) if value not in getattr(self, name))
            for name in _MOST
        }
        scalars = {name: None for name in _SCALARS if _is_still(getattr(self, name), getattr(customer, name))}
        if scalars.get("name", customer.name) is None and scalars.get("company", customer.company) is None:
            scalars = {name: None for name in scalars if name not in {"name", "company"}}
        custom = {key: value for key, value in customer.custom.items() if not _is_still(self.custom.get(key), value)}
        return {**lists, **scalars, "custom": custom}


def _missing(own: tuple[Any, ...], others: tuple[Any, ...], most: int) -> tuple[Any, ...]:
    return tuple(value for value in others if value not in own)[: max(most - len(own), 0)]


def _is_still(added: object, present: object) -> bool:
    return added is not None and added == present
