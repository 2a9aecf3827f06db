"""How a business lets itself be booked: notice, horizon, steps, and when customers are reminded."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from domains.appointments.changing import take
from domains.shared.wire import Command

_WEEK = 7 * 24 * 60
NoticeMinutes = Annotated[int, Meta(ge=0, le=4 * _WEEK, examples=[120])]
HorizonDays = Annotated[int, Meta(ge=1, le=730, examples=[90])]
StepMinutes = Annotated[Literal[5, 10, 15, 20, 30, 60], Meta(examples=[15])]
"""What divides an hour: so the offered times are the same, from whatever day they are counted on."""
ReminderMinutes = Annotated[
    tuple[Annotated[int, Meta(ge=5, le=4 * _WEEK)], ...], Meta(max_length=5, examples=[[1440, 60]])
]

HoldMinutes = Annotated[int, Meta(ge=1, le=60, examples=[10])]
OfferMinutes = Annotated[int, Meta(ge=5, le=_WEEK, examples=[120])]


class ChangePolicy(Command, frozen=True):
    """What to change: an absent field stays as it is.

    - `noticeMinutes`: so long before, at the latest, a customer books. `horizonDays`: so far ahead, at most.
    - `stepMinutes`: how far apart the offered times are.
    - `changeNoticeMinutes`: so long before, at the latest, a customer moves or cancels.
    - `reminderMinutes`: how long before a visit its customer is reminded; an empty list: never.
    - `holdMinutes`: so long a time is kept free for a visitor who fills in the form.
    - `offerMinutes`: so long a time that became free is kept for the one on the waiting list to whom it is offered.
    """

    notice_minutes: NoticeMinutes | UnsetType = UNSET
    horizon_days: HorizonDays | UnsetType = UNSET
    step_minutes: StepMinutes | UnsetType = UNSET
    change_notice_minutes: NoticeMinutes | UnsetType = UNSET
    reminder_minutes: ReminderMinutes | UnsetType = UNSET
    hold_minutes: HoldMinutes | UnsetType = UNSET
    offer_minutes: OfferMinutes | UnsetType = UNSET


class BookingPolicy(msgspec.Struct, kw_only=True):
    """The policy of one tenant. It holds for bookings that are made from now on."""

    notice_minutes: int = 120
    horizon_days: int = 90
    step_minutes: int = 15
    change_notice_minutes: int = 1_440
    reminder_minutes: tuple[int, ...] = (1_440,)
    hold_minutes: int = 10
    offer_minutes: int = 120
    version: int
    created_at: datetime
    updated_at: datetime

    def change(self, order: ChangePolicy, *, now: datetime) -> list[str]:
        """Carry out `order`, and name the fields that are now different. Where there are none, the version stays."""
        wanted = {name: value for name in order.__struct_fields__ if (value := getattr(order, name)) is not UNSET}
        if "reminder_minutes" in wanted:
            wanted["reminder_minutes"] = tuple(sorted(set(wanted["reminder_minutes"]), reverse=True))
        return take(self, wanted, now=now)

    @property
    def step(self) -> timedelta:
        return timedelta(minutes=self.step_minutes)

    def earliest(self, now: datetime) -> datetime:
        return now + timedelta(minutes=self.notice_minutes)

    def latest(self, now: datetime) -> datetime:
        return now + timedelta(days=self.horizon_days)

    def held_until(self, now: datetime) -> datetime:
        return now + timedelta(minutes=self.hold_minutes)

    def offered_until(self, now: datetime) -> datetime:
        return now + timedelta(minutes=self.offer_minutes)
