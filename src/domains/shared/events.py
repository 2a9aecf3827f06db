"""What has happened, as a domain tells it."""

from typing import ClassVar
from uuid import UUID

import msgspec


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """A fact about one subject. A subclass's own fields are its data: ids and numbers, no personal text.

    `type` is `<resource>.<past verb>`. `version` grows when the data change their meaning; fields are only ever added.
    """

    type: ClassVar[str]
    version: ClassVar[int] = 1

    subject: UUID
    subject_version: int = 1
