"""What has happened, as a domain tells it, and as it is stored."""

from datetime import datetime
from typing import Any, ClassVar, Protocol, Self
from uuid import UUID

import msgspec


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """An event as it is stored, with its circumstances.

    `correlation_id` is that of the request or envelope with which it all began, `causation_id` the event or envelope
    that it follows. `data` are ids and numbers.
    """

    id: UUID
    tenant: UUID
    type: str
    version: int
    subject: UUID
    subject_version: int
    actor: UUID | None
    occurred_at: datetime
    correlation_id: str | None
    causation_id: UUID | None
    data: dict[str, Any]


class Subject(Protocol):
    """What an event is about, as it stands."""

    @property
    def id(self) -> UUID: ...

    @property
    def version(self) -> int: ...


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """A fact about one subject. A subclass's own fields are its data: ids and numbers, no personal text.

    `type` is `<resource>.<past verb>`. `version` grows when the data change their meaning; fields are only ever added.
    """

    type: ClassVar[str]
    version: ClassVar[int] = 1

    subject: UUID
    subject_version: int = 1

    @classmethod
    def about(cls, subject: Subject, **told: object) -> Self:
        """What happened to `subject`: the data are its fields of the same names, but for those that are told."""
        names = [name for name in cls.__struct_fields__ if name not in {"subject", "subject_version", *told}]
        data: dict[str, Any] = {**{name: getattr(subject, name) for name in names}, **told}
        return cls(subject=subject.id, subject_version=subject.version, **data)

    @classmethod
    def of(cls, recorded: Recorded) -> Self:
        """The event that was stored. Data that a later release has added are let be."""
        about = {"subject": recorded.subject, "subject_version": recorded.subject_version}
        return msgspec.convert({**recorded.data, **about}, cls)


class FieldsChanged(Event, frozen=True):
    """`fields` names what is different, not what it was or is."""

    fields: list[str]


class Subscriber(Protocol):
    """Hears of events inside the transaction in which they are recorded; what it raises undoes them."""

    async def hear(self, event: Recorded) -> None: ...
