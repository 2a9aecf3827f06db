"""What open sockets hear is on the page about it."""

from collections import defaultdict
from pathlib import Path

import frontdesk
from frontdesk.frames import FRAMES

PAGE = Path(frontdesk.__file__).parents[2] / "docs" / "real-time.md"


def test_each_frame_has_its_line_with_all_its_changes_and_who_hears_it() -> None:
    lines = {line.split("`")[1]: line for line in PAGE.read_text().splitlines() if line.startswith("| `")}
    changes: dict[str, set[str]] = defaultdict(set)
    for kind in FRAMES.values():
        assert f"`{kind.audience.value}`" in lines[kind.event]
        changes[kind.event].add(kind.change)
    for event, known in changes.items():
        told = lines[event].partition('"change":')[2].partition("}")[0]
        assert {each.strip(' "\\') for each in told.split("|")} == known, event
