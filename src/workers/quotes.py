"""What comes at its time for quotes."""

from types import MappingProxyType

from domains.quotes import EXPIRE_QUOTE, MAIL_QUOTE, Expiring, QuoteLetters
from workers.follow_ups import FollowUps, apart, at_its_time

QUOTES_FOLLOW_UPS: FollowUps = MappingProxyType(
    {
        EXPIRE_QUOTE: at_its_time(Expiring, Expiring.expire),
        MAIL_QUOTE: apart(QuoteLetters, QuoteLetters.send),
    }
)
