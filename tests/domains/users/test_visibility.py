"""Who sees which field, and who stands above whom: without a database."""

from itertools import product

import pytest

from domains.shared.errors import Forbidden
from domains.shared.ids import new_id
from domains.shared.permissions import Role
from domains.users import (
    ChangeProfile,
    Circle,
    FieldVisibility,
    NotificationPreferences,
    Preferences,
    Status,
    User,
)
from domains.users.model import must_be_given_by
from tests.support.fakes import NOON

SEES = {
    Circle.EVERYONE: {Role.OWNER, Role.ADMIN, Role.STAFF, Role.MEMBER},
    Circle.STAFF: {Role.OWNER, Role.ADMIN, Role.STAFF},
    Circle.ADMINS: {Role.OWNER, Role.ADMIN},
}


def user(role: Role = Role.STAFF) -> User:
    nothing = dict.fromkeys(
        ("first_name", "last_name", "member_type", "member_since", "company", "title", "phone", "address", "location",
         "bio", "website", "linkedin", "status_message", "preferred_language", "timezone", "last_seen_at",
         "suspended_at", "suspension_reason")
    )  # fmt: skip
    return User(
        id=new_id(), role=role, email="ada@example.com", username="ada", display_name="Ada", skills=(),
        certifications=(), status=Status.OFFLINE, preferences=Preferences(),
        notification_preferences=NotificationPreferences(), field_visibility=FieldVisibility(), version=1,
        created_at=NOON, updated_at=NOON, **nothing,
    )  # fmt: skip


@pytest.mark.parametrize(("circle", "viewer"), list(product(Circle, Role)))
def test_a_circle_holds_those_after_it(circle: Circle, viewer: Role) -> None:
    shown = FieldVisibility(phone=circle)
    assert shown.shows("phone", viewer) == (viewer in SEES[circle])
    assert shown.hides("phone", viewer) == (viewer not in SEES[circle])


def test_a_new_user_shows_members_no_way_to_be_reached() -> None:
    hidden = [name for name in FieldVisibility.__struct_fields__ if FieldVisibility().hides(name, Role.MEMBER)]
    assert hidden == ["email", "phone", "address"]


@pytest.mark.parametrize(("subject", "actor"), list(product(Role, Role)))
def test_nobody_touches_somebody_above(subject: Role, actor: Role) -> None:
    is_above = list(Role).index(subject) < list(Role).index(actor)
    if is_above:
        with pytest.raises(Forbidden):
            user(subject).must_not_be_above(actor)
        with pytest.raises(Forbidden):
            must_be_given_by(actor, subject)
    else:
        user(subject).must_not_be_above(actor)
        must_be_given_by(actor, subject)


def test_a_change_that_changes_nothing_leaves_the_version() -> None:
    ada = user()
    assert ada.change_profile(ChangeProfile(display_name=" Ada ", bio=None), now=NOON) == []
    assert ada.change_profile(ChangeProfile(bio="Notes"), now=NOON) == ["bio"]
    assert ada.version == 2


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (("Notes", "notes ", " ", "Engines"), ("Notes", "Engines")),
        ((), ()),
        (("Straße", "STRASSE"), ("Straße",)),
    ],
)
def test_a_skill_is_kept_once(given: tuple[str, ...], kept: tuple[str, ...]) -> None:
    ada = user()
    ada.change_profile(ChangeProfile(skills=given), now=NOON)
    assert ada.skills == kept
