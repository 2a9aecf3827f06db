"""Events as they were once stored still decode: a file for each type and version, which is never changed.

A new type needs a new file; new data of a version that has been released have a default, and the old file stays.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

import domains
from domains.shared.events import Event, Recorded

GOLDEN = Path(__file__).parent / "golden"
FILES = sorted(GOLDEN.glob("*.json"))


def kinds() -> Iterator[type[Event]]:
    """Every type of event of every domain."""
    for found in pkgutil.walk_packages(domains.__path__, "domains."):
        importlib.import_module(found.name)
    waiting = [Event]
    while waiting:
        below = waiting.pop().__subclasses__()
        yield from (kind for kind in below if kind.__module__.startswith("domains.") and hasattr(kind, "type"))
        waiting.extend(below)


KINDS = {kind.type: kind for kind in kinds()}


def name_of(kind: type[Event], version: int) -> str:
    return f"{kind.type}.v{version}.json"


def test_every_type_and_version_has_a_file() -> None:
    wanted = {name_of(kind, version) for kind in KINDS.values() for version in range(1, kind.version + 1)}
    assert wanted == {file.name for file in FILES}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_was_stored_decodes(file: Path) -> None:
    recorded = msgspec.json.decode(file.read_bytes(), type=Recorded)
    kind = KINDS[recorded.type]
    event = kind.of(recorded)
    assert file.name == name_of(kind, recorded.version)
    assert (event.subject, event.subject_version) == (recorded.subject, recorded.subject_version)
    kept = msgspec.to_builtins(event)
    assert {name: kept[name] for name in recorded.data} == recorded.data


def test_data_that_a_later_release_adds_are_let_be_and_missing_ones_are_not() -> None:
    recorded = msgspec.json.decode((GOLDEN / "note.added.v1.json").read_bytes(), type=Recorded)
    later = msgspec.structs.replace(recorded, data={**recorded.data, "length": 7})
    assert KINDS["note.added"].of(later) == KINDS["note.added"].of(recorded)
    with pytest.raises(msgspec.ValidationError, match="customer_id"):
        KINDS["note.added"].of(msgspec.structs.replace(recorded, data={}))
