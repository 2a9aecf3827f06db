"""Reads one calendar in a process of its own, which may use so much time and memory and nothing else.

`python -m infra.calendars.reading <seconds> <zone> <from> <to>` takes the document on its input, and writes the busy
times as JSON: seconds since 1970, in pairs. It may use so many seconds of a processor. It ends with 2 where that is no
calendar, and with 3 where there is too much of it.
"""

import resource
import sys
import zoneinfo
from datetime import datetime

import msgspec

from infra.calendars.busy_times import Asked, TooMany, busy_times
from infra.calendars.exit_codes import NOT_A_CALENDAR, TOO_MUCH

_MEMORY = 1024 * 1024 * 1024


def main() -> None:
    seconds, zone, start, end = sys.argv[1:]
    zoneinfo.reset_tzpath(to=())
    asked = Asked(zoneinfo.ZoneInfo(zone), datetime.fromisoformat(start), datetime.fromisoformat(end))
    _give_up_rights(int(seconds))
    try:
        found = busy_times(sys.stdin.buffer.read(), asked)
    except (MemoryError, TooMany):
        sys.exit(TOO_MUCH)
    except Exception:  # noqa: BLE001 - whatever a parser says of a stranger's document, it is no calendar
        sys.exit(NOT_A_CALENDAR)
    pairs = [(int(start.timestamp()), int(end.timestamp())) for start, end in found]
    sys.stdout.buffer.write(msgspec.json.encode(pairs))


def _give_up_rights(seconds: int) -> None:
    for what, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main()
