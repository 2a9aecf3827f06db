"""Who hears of what, after the commit, and what the worker does with every kind of envelope."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from domains.identity import MAIL_CODE, CodeWanted
from workers.follow_ups import FollowUps
from workers.identity import IDENTITY_FOLLOW_UPS
from workers.job_files import JOB_FOLLOW_UPS

SUBSCRIPTIONS: Mapping[str, Sequence[str]] = MappingProxyType({CodeWanted.type: (MAIL_CODE,)})

FOLLOW_UPS: FollowUps = MappingProxyType({**IDENTITY_FOLLOW_UPS, **JOB_FOLLOW_UPS})
