"""A letter, and which of its words are secret."""

import re
from datetime import datetime, timedelta

import msgspec

from domains.shared.vendors import Call

KEPT = timedelta(days=30)
TRIED = timedelta(hours=24)

_SECRET = re.compile(r"(code|codes|link|password|secret|token|url)$", re.IGNORECASE)
_FIRST_DELAY = timedelta(seconds=10)
_LONGEST_DELAY = timedelta(hours=1)


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """`words` fill the `template`; `timezone` is the one in which times are shown.

    `calendar` is an iCalendar document that goes with a letter that is never written down: else it raises `ValueError`.
    """

    to: str
    template: str
    words: dict[str, str]
    language: str
    timezone: str
    calendar: str | None = None

    def __post_init__(self) -> None:
        if self.calendar is not None and not self.is_secret:
            raise ValueError("What is attached is not kept: the letter must have a secret word.")

    @property
    def is_secret(self) -> bool:
        """Whether a word of it lets somebody in: named `code`, `link`, `token`, `url` and the like, or ending so.

        Such words are never stored. Each sending makes new ones that kill the old, so that it may be repeated.
        """
        return any(_SECRET.search(name) for name in self.words)


LetterCall = Call[Letter]


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A letter as it was written down. `tries` counts those that came to nothing."""

    call: LetterCall
    prepared_at: datetime
    tries: int

    def next_try(self, now: datetime) -> datetime | None:
        """After 10 s, 20 s, 40 s … up to an hour; None once it has been tried for a day."""
        if now - self.prepared_at >= TRIED:
            return None
        delay: timedelta = _FIRST_DELAY * 2.0 ** min(self.tries, 10)
        return now + min(delay, _LONGEST_DELAY)
