"""What follows for letters."""

from types import MappingProxyType

from domains.letters import DELIVER_LETTER, FORGET_LETTER, Delivering
from workers.follow_ups import FollowUps, apart, at_its_time

LETTERS_FOLLOW_UPS: FollowUps = MappingProxyType(
    {
        DELIVER_LETTER: apart(Delivering, Delivering.deliver),
        FORGET_LETTER: at_its_time(Delivering, Delivering.forget),
    }
)
