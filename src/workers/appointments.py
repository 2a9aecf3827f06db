"""What comes at its time in the calendar."""

from types import MappingProxyType

from domains.appointments import REMIND, Reminding
from workers.follow_ups import FollowUps, at_its_time

APPOINTMENT_FOLLOW_UPS: FollowUps = MappingProxyType({REMIND: at_its_time(Reminding, Reminding.remind)})
