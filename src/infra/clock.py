"""The clock of this machine."""

from datetime import UTC, datetime


class SystemClock:
    """A `Clock`, to the millisecond: what is stored is what was shown."""

    def now(self) -> datetime:
        instant = datetime.now(UTC)
        return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
