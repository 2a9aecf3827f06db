"""Who hears of what: in the same transaction, and after the commit; and what the worker does with every envelope."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from domains.customers import CustomerArchived, CustomerChanged, CustomerCreated, NoteAdded, Timeline
from domains.identity import MAIL_CODE, CodeWanted
from infra.postgres.customer_timeline import PostgresTimelineEntries
from infra.postgres.work import InsideSubscriptions, PostgresWork
from workers.follow_ups import FollowUps
from workers.identity import IDENTITY_FOLLOW_UPS


def timeline(work: PostgresWork) -> Timeline:
    return Timeline(PostgresTimelineEntries(work))


_OF_A_CUSTOMER = (CustomerArchived, CustomerChanged, CustomerCreated, NoteAdded)

INSIDE: InsideSubscriptions = MappingProxyType({event.type: (timeline,) for event in _OF_A_CUSTOMER})

SUBSCRIPTIONS: Mapping[str, Sequence[str]] = MappingProxyType({CodeWanted.type: (MAIL_CODE,)})

FOLLOW_UPS: FollowUps = MappingProxyType({**IDENTITY_FOLLOW_UPS})
