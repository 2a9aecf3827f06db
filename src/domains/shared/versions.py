"""Optimistic locking: a change may say which version of a resource it was made against."""

from collections.abc import Collection

from domains.shared.errors import VersionConflict


def must_be_current(version: int, expected: Collection[int] | None) -> None:
    """Raise `VersionConflict` when the caller named versions (`If-Match`) and the present one is not among them."""
    if expected is not None and version not in expected:
        raise VersionConflict(f"The present version is {version}.")
