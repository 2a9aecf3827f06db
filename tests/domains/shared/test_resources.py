"""What resources, their events, views and commands have in common."""

from datetime import UTC, datetime, timedelta

from msgspec import UNSET, UnsetType

from domains.shared.events import Event
from domains.shared.ids import new_id
from domains.shared.versions import Archivable
from domains.shared.wire import Command, View, shown

NOW = datetime(2026, 11, 21, 9, 30, 0, 123_456, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


class Lamp(Archivable, kw_only=True):
    room: str
    is_lit: bool = False


class ChangeLamp(Command, frozen=True):
    room: str | UnsetType | None = UNSET
    is_lit: bool | UnsetType = UNSET


class LampMoved(Event, frozen=True):
    type = "lamp.moved"

    room: str
    moved_by: int


class LampView(View, frozen=True):
    room: str
    is_lit: bool
    of_all: int
    updated_at: str


def a_lamp() -> Lamp:
    return Lamp(id=new_id(), room="hall", created_at=NOW, updated_at=NOW)


def test_only_what_is_different_counts() -> None:
    lamp = a_lamp()
    assert lamp.take({"room": "hall", "is_lit": False}, now=LATER) == []
    assert (lamp.version, lamp.updated_at) == (1, NOW)
    assert lamp.take({"room": "attic", "is_lit": False}, now=LATER) == ["room"]
    assert (lamp.room, lamp.version, lamp.updated_at) == ("attic", 2, LATER)


def test_times_of_changes_never_go_back() -> None:
    lamp = a_lamp()
    lamp.touch(NOW - timedelta(days=1))
    assert (lamp.version, lamp.updated_at) == (2, NOW)


def test_what_is_put_away_is_current_no_more() -> None:
    lamp = a_lamp()
    assert (lamp.is_current, lamp.is_archived) == (True, False)
    lamp.archive(now=LATER)
    assert (lamp.is_current, lamp.is_archived, lamp.archived_at, lamp.version) == (False, True, LATER, 2)


def test_a_command_tells_what_is_given_and_null_is() -> None:
    assert ChangeLamp(room=None).given() == {"room": None}
    assert ChangeLamp(is_lit=False).given() == {"is_lit": False}


def test_an_event_is_about_its_subject_as_it_stands() -> None:
    lamp = a_lamp()
    lamp.take({"room": "attic"}, now=LATER)
    assert LampMoved.about(lamp, moved_by=3) == LampMoved(subject=lamp.id, subject_version=2, room="attic", moved_by=3)
    assert LampMoved.about(lamp, room="cellar", moved_by=3).room == "cellar"


def test_a_view_shows_fields_of_the_same_names_and_times_as_the_wire_has_them() -> None:
    view = shown(LampView, a_lamp(), is_lit=True, of_all=7)
    assert view == LampView(room="hall", is_lit=True, of_all=7, updated_at="2026-11-21T09:30:00.123Z")
