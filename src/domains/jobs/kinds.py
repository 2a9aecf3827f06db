"""What kinds of job there are is said where they are wired; here is what each must say of itself."""

from datetime import timedelta

import msgspec

FORGET_JOB_FILE = "job.forget_file"
"""Planned when a job ends: its file, or what there is of it, is kept until then."""

FILE_KEPT = timedelta(days=7)
LEFTOVERS_KEPT = timedelta(hours=1)


class JobKind(msgspec.Struct, frozen=True, kw_only=True):
    """How jobs of one kind are run. Times are in seconds.

    A job does one chunk after the other, each in at most `chunk` seconds. After `turn` seconds it gives its place up
    and waits for the next one. `tries`: how many runs in a row may fail, or die, without a chunk done.
    """

    name: str
    tries: int = 5
    chunk: int = 30
    turn: int = 60

    def __post_init__(self) -> None:
        if self.tries <= 1:
            raise ValueError(f"{self.name}: a job is tried more than once")
        if not 0 < self.chunk <= 30:  # noqa: PLR2004 - the longest that a stop waits for
            raise ValueError(f"{self.name}: a chunk takes at most 30 seconds")
        if self.name.count(".") != 1:
            raise ValueError(f"{self.name}: a job is named `domain.verb`")

    @property
    def timeout(self) -> int:
        """After which a run is given up from outside, should it not have ended by itself."""
        return self.turn + 2 * self.chunk
