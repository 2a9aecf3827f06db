"""Changing a record field by field."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol


class Versioned(Protocol):
    """A record that counts its changes."""

    version: int
    updated_at: datetime


def take(record: Versioned, wanted: Mapping[str, Any], *, now: datetime) -> list[str]:
    """Have `record` take these values, and name the fields that are now different.

    Where there are none, the version stays.
    """
    changed = [name for name, value in wanted.items() if value != getattr(record, name)]
    for name in changed:
        setattr(record, name, wanted[name])
    if changed:
        record.version += 1
        record.updated_at = max(now, record.updated_at)
    return changed
