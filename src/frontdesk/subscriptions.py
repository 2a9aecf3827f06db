"""Who hears of what, after the commit: the names are those of the worker's handlers."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from domains.identity import CodeWanted

MAIL_CODE = "identity.mail_code"

SUBSCRIPTIONS: Mapping[str, Sequence[str]] = MappingProxyType({CodeWanted.type: (MAIL_CODE,)})
