"""What comes at its time for quotes."""

from types import MappingProxyType

from domains.quotes import EXPIRE_QUOTE, MAIL_QUOTE, Expiring, QuoteLetters
from workers.follow_ups import FollowUp, FollowUps, at_its_time

QUOTES_FOLLOW_UPS: FollowUps = MappingProxyType(
    {
        EXPIRE_QUOTE: at_its_time(Expiring, Expiring.expire),
        MAIL_QUOTE: FollowUp(capability=QuoteLetters, verb=QuoteLetters.send, of_event=False, settles=False),
    }
)
