"""The port to where what nobody expected is reported."""

from collections.abc import Mapping
from typing import Protocol


class Reports(Protocol):
    """Reports of exceptions and alerts, sent in the background."""

    def exception(self, error: BaseException, *, logged_as: str, ids: Mapping[str, object]) -> None:
        """Report `error`; of `ids` those that are known to be no text of people."""
        ...

    def message(self, text: str, **ids: str) -> None:
        """Report a line of our own words."""
        ...

    def close(self) -> None:
        """Send what waits, for two seconds at most."""
        ...
