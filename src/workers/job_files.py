"""What follows when jobs end."""

from types import MappingProxyType

from domains.jobs import FORGET_JOB_FILE, Outcomes
from workers.follow_ups import FollowUp, FollowUps

JOB_FOLLOW_UPS: FollowUps = MappingProxyType(
    {
        # Files are outside the database: deleting them is repeated until it has been done.
        FORGET_JOB_FILE: FollowUp(capability=Outcomes, verb=Outcomes.forget_file, of_event=False, settles=False),
    }
)
