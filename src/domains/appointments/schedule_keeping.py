"""Keeping when people work, and how the business lets itself be booked."""

import copy
from collections.abc import Collection
from uuid import UUID

from domains.appointments.events import BookingPolicyChanged, ScheduleChanged
from domains.appointments.hours import SetHours, SetTimeOff, StaffSchedule
from domains.appointments.policy import BookingPolicy, ChangePolicy
from domains.appointments.ports import Schedules
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.permissions import Permission
from domains.shared.versions import must_be_current
from domains.shared.work import UnitOfWork


class ScheduleKeeping:
    """Keeps the hours of people, and the rules of booking."""

    def __init__(self, actor: Actor, schedules: Schedules, clock: Clock, work: UnitOfWork) -> None:
        self.actor = actor
        self.schedules = schedules
        self.clock = clock
        self.work = work

    async def set_hours(self, user_id: UUID, order: SetHours, *, expected: Collection[int] | None) -> StaffSchedule:
        """Set all of somebody's hours: the week's, and those of exceptional days.

        - They are wall time in the business's zone. Without `hours`, the person works when the business is open.
        - Past midnight, hours end at `24:00` and go on at `00:00` of the next day.
        - Visits that are booked already stay.
        """
        self.actor.must(Permission.SCHEDULES_WRITE)
        async with self.work:
            before, schedule = await self._at_hand(user_id, expected)
            await self._keep(before, schedule, schedule.set_hours(order, now=self.clock.now()))
        return schedule

    async def set_time_off(
        self, user_id: UUID, order: SetTimeOff, *, expected: Collection[int] | None
    ) -> StaffSchedule:
        """Set all of somebody's time off, in place of what there was. Visits that are booked already stay."""
        self.actor.must(Permission.SCHEDULES_WRITE)
        async with self.work:
            before, schedule = await self._at_hand(user_id, expected)
            await self._keep(before, schedule, schedule.set_time_off(order, now=self.clock.now()))
        return schedule

    async def change_policy(self, order: ChangePolicy, *, expected: Collection[int] | None) -> BookingPolicy:
        """Change how the business lets itself be booked. An absent field stays as it is.

        - It holds for what is booked from now on: visits that are booked already keep their reminders.
        """
        self.actor.must(Permission.SCHEDULES_WRITE)
        async with self.work:
            policy = await self.schedules.policy_for_change(now=self.clock.now())
            must_be_current(policy.version, expected)
            before = copy.copy(policy)
            changed = policy.change(order, now=self.clock.now())
            if changed:
                await self.schedules.save_policy(policy)
                tenant, version = self.actor.tenant, policy.version
                self.work.record(BookingPolicyChanged(subject=tenant, subject_version=version, fields=changed))
                self.work.note(Note(action="booking_policy.updated", subject=tenant, before=before, after=policy))
        return policy

    async def _at_hand(self, user_id: UUID, expected: Collection[int] | None) -> tuple[StaffSchedule, StaffSchedule]:
        schedule = await self.schedules.for_change(user_id, now=self.clock.now())
        must_be_current(schedule.version, expected)
        return copy.copy(schedule), schedule

    async def _keep(self, before: StaffSchedule, schedule: StaffSchedule, changed: list[str]) -> None:
        if changed:
            await self.schedules.save(schedule)
            self.work.record(
                ScheduleChanged(subject=schedule.user_id, subject_version=schedule.version, fields=changed)
            )
            self.work.note(Note(action="schedule.updated", subject=schedule.user_id, before=before, after=schedule))
