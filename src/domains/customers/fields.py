"""The kinds of field of a customer, with their bounds."""

from types import MappingProxyType
from typing import Annotated

from msgspec import Meta

from domains.shared.fields import MANY_LINES, ONE_LINE, EmailText, PhoneText
from domains.shared.postal import PostalAddress

Tag = Annotated[str, Meta(min_length=1, max_length=50, pattern=ONE_LINE, examples=["vip"])]
Notes = Annotated[str, Meta(max_length=10_000, pattern=MANY_LINES, examples=["The key is next door."])]
Source = Annotated[str, Meta(min_length=1, max_length=100, pattern=ONE_LINE, examples=["website"])]
CustomKey = Annotated[
    str, Meta(min_length=1, max_length=50, pattern=r"^[A-Za-z][A-Za-z0-9_]*$(?!\n)", examples=["gateCode"])
]
CustomText = Annotated[str, Meta(max_length=1_000, pattern=MANY_LINES, examples=["1234"])]
_IN_RANGE = {"minimum": -(2**63), "exclusiveMaximum": 2**63}
CustomNumber = Annotated[int, Meta(extra_json_schema=_IN_RANGE)] | Annotated[float, Meta(extra_json_schema=_IN_RANGE)]
CustomValue = CustomText | CustomNumber | bool | None

MOST = MappingProxyType({"emails": 20, "phones": 20, "addresses": 10, "tags": 50, "custom": 50})
"""How many of them a customer has at most."""

Emails = Annotated[tuple[EmailText, ...], Meta(max_length=MOST["emails"])]
Phones = Annotated[tuple[PhoneText, ...], Meta(max_length=MOST["phones"])]
Addresses = Annotated[tuple[PostalAddress, ...], Meta(max_length=MOST["addresses"])]
Tags = Annotated[tuple[Tag, ...], Meta(max_length=MOST["tags"])]
Custom = Annotated[dict[CustomKey, CustomValue], Meta(max_length=MOST["custom"], examples=[{"gateCode": "1234"}])]
