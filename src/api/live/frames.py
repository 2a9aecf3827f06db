"""Frames: `{"id", "event", "data"}` to clients, `{"event", "data", "ref"}` from them."""

from typing import Annotated, Any
from uuid import UUID

import msgspec

from api.live.outbox import Frame
from domains.shared.live import FrameKind, LoggedEvent

MOST_BYTES = 65_536

Ref = Annotated[str, msgspec.Meta(max_length=64)] | Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
_encoder = msgspec.json.Encoder()


class ClientFrame(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a client says. `ref` comes back with the answer."""

    event: Annotated[str, msgspec.Meta(max_length=64)]
    data: msgspec.Raw = msgspec.Raw(b"{}")
    ref: Ref | None = None


class Auth(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The data of `auth`."""

    token: Annotated[str, msgspec.Meta(max_length=4096)]


class Resume(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """The data of `resume`: the id of the last frame that the client has."""

    last_id: Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]


class ChangedResource(msgspec.Struct, frozen=True):
    """The data of a frame about a resource: which, its version, and what was done. The rest is fetched."""

    id: UUID
    version: int
    change: str


class _Wire(msgspec.Struct, frozen=True, omit_defaults=True):
    id: int | None = None
    event: str = ""
    data: Any = None
    ref: Ref | None = None


def of_event(event: LoggedEvent, kind: FrameKind) -> Frame:
    """The frame of a logged event."""
    data = ChangedResource(event.subject, event.subject_version, kind.change)
    return Frame(event.seq, kind.event, _text(_Wire(id=event.seq, event=kind.event, data=data)))


def of_answer(event: str, data: dict[str, Any], *, ref: Ref | None = None) -> Frame:
    """A frame to one client only."""
    return Frame(None, event, _text(_Wire(event=event, data=data, ref=ref)))


def read(text: str) -> ClientFrame:
    """Raise `msgspec.DecodeError` unless `text` is a frame."""
    try:
        return msgspec.json.decode(text, type=ClientFrame)
    except (RecursionError, UnicodeError) as error:
        raise msgspec.DecodeError("Not JSON.") from error


def _text(frame: _Wire) -> str:
    return _encoder.encode(frame).decode()
