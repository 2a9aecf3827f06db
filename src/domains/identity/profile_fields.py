"""What is known of a person in a tenant, as it is kept and shown: the kinds of field."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from domains.shared.fields import ONE_LINE, Line
from domains.shared.wire import Command

MemberType = Annotated[
    str, Meta(min_length=1, max_length=32, pattern=r"^[a-z][a-z0-9_]{0,31}$(?!\n)", examples=["regular"])
]
StatusMessage = Annotated[str, Meta(max_length=100, pattern=ONE_LINE, examples=["Back at three"])]
AvatarUrl = Annotated[str, Meta(max_length=500, examples=["https://www.example.com/ada.png"])]
Bio = Annotated[str, Meta(max_length=2_000, examples=["Pipes, boilers and the odd compiler."])]
WebAddress = Annotated[str, Meta(min_length=10, max_length=300, pattern=ONE_LINE, examples=["https://www.example.com"])]
LinkedIn = Annotated[
    str, Meta(min_length=10, max_length=300, pattern=ONE_LINE, examples=["https://www.linkedin.com/in/ada"])
]
Skill = Annotated[str, Meta(min_length=1, max_length=50, pattern=ONE_LINE, examples=["plumbing"])]
Skills = Annotated[tuple[Skill, ...], Meta(max_length=50)]


class Certification(Command, frozen=True):
    """What somebody was certified for. It does not expire before it is issued."""

    name: Annotated[Line, Meta(examples=["Master Plumber"])]
    issuer: Annotated[Line, Meta(examples=["State of New York"])] | None = None
    issue_date: date | None = None
    expiry_date: date | None = None


Certifications = Annotated[tuple[Certification, ...], Meta(max_length=50)]


class Preferences(Command, frozen=True):
    """How the application behaves for a person."""

    notifications: bool = True
    sound_enabled: bool = True


class NotificationPreferences(Command, frozen=True):
    """By which ways a person wants to be told of things."""

    email: bool = True
    sms: bool = True
    push: bool = True


class Status(StrEnum):
    """How a person is at present. A chosen one holds until it is changed."""

    AWAY = "away"
    BUSY = "busy"
    IN_MEETING = "in_meeting"
    OFFLINE = "offline"
    ONLINE = "online"
