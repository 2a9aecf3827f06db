"""Optimistic locking: each change is counted, and may say which version of a resource it was made against."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from domains.shared.errors import VersionConflict


class Versioned(msgspec.Struct, kw_only=True):
    """What has its changes counted: those that clients can see, and no others."""

    version: int = 1
    created_at: datetime
    updated_at: datetime

    def touch(self, now: datetime) -> None:
        """Count a change. Times never go back, whatever the clock does."""
        self.version += 1
        self.updated_at = max(now, self.updated_at)

    def take(self, wanted: Mapping[str, Any], *, now: datetime) -> list[str]:
        """Have these values, and name the fields that are now different. Where there are none, the version stays."""
        changed = [name for name, value in wanted.items() if value != getattr(self, name)]
        for name in changed:
            setattr(self, name, wanted[name])
        if changed:
            self.touch(now)
        return changed


class Resource(Versioned):
    """The same under an id of its own, which is the first field: it is not keyword-only."""

    id: UUID


class Archivable(Resource, kw_only=True):
    """A resource that is put away rather than deleted: kept and readable, in no list of current ones."""

    archived_at: datetime | None = None

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    @property
    def is_current(self) -> bool:
        return not self.is_archived

    def archive(self, *, now: datetime) -> None:
        """Put it away."""
        self.take({"archived_at": now}, now=now)


def must_be_current(version: int, expected: Collection[int] | None) -> None:
    """Raise `VersionConflict` when the caller named versions (`If-Match`) and the present one is not among them."""
    if expected is not None and version not in expected:
        raise VersionConflict(f"The present version is {version}.")
