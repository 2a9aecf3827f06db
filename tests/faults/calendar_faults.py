"""Faults of the calendar: times that are taken twice, or never, and days that are not as others are."""

from tests.faults.imported_calendar_faults import IMPORTED_CALENDAR_FAULTS
from tests.faults.source_faults import Edit, SourceFault

_AVAILABILITY = "tests/domains/appointments/test_availability.py"
_APPOINTMENTS = "tests/api/test_appointments.py"
_REMINDERS = "tests/workers/test_appointment_reminders.py"


def _fault(name: str, file: str, old: str, new: str, caught_by: str) -> SourceFault:
    return SourceFault(name, (Edit(file, old, new),), caught_by)


_ONLINE = "tests/api/test_online_booking.py"
_SERIES = "tests/api/test_appointment_series.py"
_RECURRENCE = "tests/domains/appointments/test_recurrence.py"
_FEED = "tests/api/test_calendar_feed.py"
_HOLDS = "tests/api/test_holds.py"
_WAITING = "tests/api/test_waiting_list.py"
_KILLED = "tests/faults/test_visits_killed.py"
_LIMITS = "tests/api/test_waiting_limits.py"
_AGAIN = "tests/api/test_strangers_again.py"

FAULTS = (
    _fault(
        "a time that is held is booked by anybody",
        "src/domains/appointments/prospects.py",
        "if not each.is_over(self.now):",
        "if each.expires_at is None:",
        f"{_HOLDS}::test_a_time_that_is_held_is_booked_by_its_token_and_by_nobody_else",
    ),
    _fault(
        "a hold that is over goes on",
        "src/domains/appointments/commitments.py",
        "return self.expires_at is not None and self.expires_at <= now",
        "return self.expires_at is not None and self.expires_at > now",
        f"{_HOLDS}::test_a_hold_ends_by_itself_whether_or_not_a_worker_runs",
    ),
    _fault(
        "a visitor holds as much as they like",
        "src/domains/appointments/holding.py",
        "if counted.own >= OF_ONE_VISITOR or",
        "if",
        f"{_HOLDS}::test_a_visitor_holds_five_times_and_others_are_let_in",
    ),
    _fault(
        "a hold books another time",
        "src/domains/appointments/online.py",
        "        if not is_it or order.staff_id not in (None, hold.staff_id):\n",
        "        if is_it and order.staff_id not in (None, hold.staff_id):\n",
        f"{_HOLDS}::test_a_hold_keeps_its_own_time_and_no_other",
    ),
    _fault(
        "a stranger is told which visit has a time",
        "src/api/refusal_details.py",
        'case SlotTaken() if not scope["route_handler"].opt.get("public"):',
        "case SlotTaken():",
        "tests/api/test_refusal_details.py::test_a_stranger_is_not_told_which_visit_has_a_time",
    ),
    _fault(
        "what was let pass is offered again",
        "src/domains/appointments/freed_times.py",
        "asked, but=entry.passed, now=now)",
        "asked, now=now)",
        f"{_WAITING}::test_what_is_declined_or_let_lapse_goes_to_the_next",
    ),
    _fault(
        "a visit that is moved frees its time for nobody",
        "src/domains/appointments/diary.py",
        "            await self.freed(before.blocked, visit.id)\n",
        "",
        f"{_WAITING}::test_a_visit_that_is_moved_frees_its_time",
    ),
    _fault(
        "what new hours open is offered to nobody",
        "src/frontdesk/subscriptions.py",
        "        ScheduleChanged.type: (OFFER_OPENED,),\n",
        "",
        f"{_WAITING}::test_what_the_business_opens_is_offered_too",
    ),
    _fault(
        "new rules of time zones are noted and not followed",
        "migrations/versions/0710_zone_rules_followed.py",
        "unnest(array[interval '0', interval '1 hour']) later",
        "unnest(array[interval '1 hour']) later",
        "tests/api/test_new_zone_rules.py::test_a_worker_that_starts_has_new_rules_followed_once",
    ),
    _fault(
        "a key of one token is another's",
        "src/api/idempotency.py",
        'return RepeatableRequest(None, f"{operation} {address}", key, b"")',
        'return RepeatableRequest(None, operation if address else "", key, b"")',
        f"{_AGAIN}::test_a_quote_is_answered_once_and_each_token_has_keys_of_its_own",
    ),
    _fault(
        "each booking makes a customer",
        "src/infra/postgres/storefront.py",
        "return next(by_contact, None)",
        "return None if given else next(by_contact)",
        "tests/api/test_returning_customers.py::test_who_comes_twice_is_one_customer",
    ),
    _fault(
        "a service whose people are gone is booked with nobody",
        "src/domains/appointments/placing.py",
        "if service and service.staff_ids and not named:",
        "if service and people and not named:",
        f"{_APPOINTMENTS}::test_where_nobody_can_be_booked_nobody_is_and_all_of_it_is_explained",
    ),
    _fault(
        "a stranger books what is not offered",
        "src/domains/appointments/offers.py",
        "        if able:\n            return min(able,",
        "        if self.people:\n            return min(able or self.people,",
        f"{_ONLINE}::test_only_what_is_offered_is_booked",
    ),
    _fault(
        "a customer cancels at the last minute",
        "src/domains/appointments/online.py",
        "if visit.is_live and self.clock.now() >",
        "if visit.is_final and self.clock.now() >",
        f"{_ONLINE}::test_after_the_deadline_only_the_business_changes_it",
    ),
    _fault(
        "a service that is not for online is booked online",
        "src/domains/appointments/offering.py",
        "if not service.bookable_online:",
        "if service.is_archived:",
        f"{_ONLINE}::test_a_service_that_is_not_for_online_is_not_there",
    ),
    _fault(
        "a suspended business is booked",
        "migrations/versions/0301_storefront.py",
        "where t.slug = wanted and t.suspended_at is null and",
        "where t.slug = wanted and",
        f"{_ONLINE}::test_a_business_that_is_suspended_is_closed_to_strangers",
    ),
    _fault(
        "a series is moved by time that passes",
        "src/domains/appointments/series.py",
        "return instant_of(shown_at(visit.starts_at, zone) + self.by, zone) if self.by else visit.starts_at",
        "return visit.starts_at + self.by if zone else visit.starts_at",
        f"{_SERIES}::test_one_the_following_or_all_are_moved_by_the_clock",
    ),
    _fault(
        "a visit of a series that has ended is cancelled with the rest",
        "src/infra/postgres/appointments.py",
        "where series_id = $1 and status in ('scheduled', 'confirmed') and",
        "where series_id = $1 and",
        f"{_SERIES}::test_the_following_are_cancelled_and_what_was_is_let_be",
    ),
    _fault(
        "a series has no end",
        "src/domains/appointments/recurrence.py",
        'if ("COUNT" in parts) == ("UNTIL" in parts):',
        'if "COUNT" in parts and "UNTIL" in parts:',
        f"{_RECURRENCE}::test_rules_that_do_not_end_or_cannot_be_are_refused",
    ),
    _fault(
        "an old feed goes on",
        "src/domains/appointments/calendar_feed.py",
        "            if old:\n                await self.feeds.forget(self.tokens.of(tenant, old))\n",
        "",
        f"{_FEED}::test_a_new_address_takes_the_place_of_the_old_one",
    ),
    _fault(
        "the feed of who has left goes on",
        "src/infra/postgres/calendar_feeds.py",
        " and u.suspended_at is null and u.role <> 'member'",
        "",
        f"{_FEED}::test_who_is_suspended_or_no_longer_staff_shows_nothing",
    ),
    *IMPORTED_CALENDAR_FAULTS,
    SourceFault(
        "a person can be booked twice",
        (
            Edit(
                "migrations/versions/0300_calendar.py",
                "            constraint occupancies_never_meet exclude using gist (\n"
                "                tenant_id extensions.gist_uuid_ops with =,\n",
                "            constraint occupancies_never_meet exclude using gist (\n"
                "                tenant_id extensions.gist_uuid_ops with =,\n"
                "                visit_id extensions.gist_uuid_ops with =,\n",
            ),
            Edit(
                "src/domains/appointments/placing.py",
                "if each.span.meets(visit.blocked)}",
                "if not each.span.meets(visit.blocked)}",
            ),
        ),
        f"{_APPOINTMENTS}::test_visits_of_one_person_do_not_meet_buffers_counted_and_may_touch",
    ),
    _fault(
        "a visit that has ended keeps its time",
        "src/domains/appointments/diary.py",
        "                await self.calendar.release(visit)\n",
        "",
        f"{_APPOINTMENTS}::test_a_visit_that_has_ended_frees_its_time",
    ),
    _fault(
        "a visit that has ended begins anew",
        "src/domains/appointments/model.py",
        "if self.is_final or status is AppointmentStatus.SCHEDULED:",
        "if status is AppointmentStatus.SCHEDULED:",
        f"{_APPOINTMENTS}::test_a_visit_that_has_ended_frees_its_time",
    ),
    _fault(
        "buffers are not kept free",
        "src/domains/appointments/model.py",
        "blocked = span.widened(service.before, service.after) if service else span",
        "blocked = span",
        f"{_APPOINTMENTS}::test_visits_of_one_person_do_not_meet_buffers_counted_and_may_touch",
    ),
    _fault(
        "another tenant's customer is booked",
        "src/infra/postgres/appointments.py",
        "    where c.id = $1 and c.erased_at is null for key share of c",
        "    where (c.id = $1 or c.id is not null) and c.erased_at is null for key share of c",
        f"{_APPOINTMENTS}::test_nothing_of_another_tenant_is_booked",
    ),
    _fault(
        "a day of 25 hours has 24",
        "src/domains/appointments/wall_time.py",
        "tzinfo=zone, fold=int(last))",
        "tzinfo=zone, fold=0 if last else 0)",
        f"{_AVAILABILITY}::test_hours_that_are_shown_twice_count_twice",
    ),
    _fault(
        "hours that begin in a gap of the clocks are not moved to its end",
        "src/domains/appointments/wall_time.py",
        "    return _end_of_gap(wall, zone)\n",
        "    return found\n",
        f"{_AVAILABILITY}::test_hours_in_a_gap_begin_and_end_where_it_ends",
    ),
    _fault(
        "what is blocked elsewhere is offered",
        "src/domains/appointments/availability.py",
        "if end := person.busy.end_of_first(blocked) or person.elsewhere.end_of_first(blocked):",
        "if end := person.busy.end_of_first(blocked):",
        f"{_AVAILABILITY}::test_what_is_offered_is_what_a_look_at_each_minute_finds",
    ),
    _fault(
        "what is held and not booked is never given back",
        "src/domains/appointments/holding.py",
        "            self.work.later(END_HOLD, hold.id, at=until)\n",
        "",
        f"{_KILLED}::test_what_is_asked_for_again_is_done_once_and_reminded_of_once",
    ),
    _fault(
        "who is not answered and asks again is told that the time is taken",
        "src/infra/postgres/work.py",
        "if self._request is not None and self._result is not _NOTHING:",
        "if self._request is not None and self._request.was_replayed:",
        f"{_KILLED}::test_what_is_asked_for_again_is_done_once_and_reminded_of_once",
    ),
    _fault(
        "each step of what is booked is looked at",
        "src/domains/appointments/availability.py",
        "                start = _step_at(span, visit, later)\n",
        "                start += visit.step\n",
        f"{_AVAILABILITY}::test_what_is_in_the_way_is_stepped_over_whole_and_what_is_found_is_worked_out_as_it_is_wanted",
    ),
    _fault(
        "an answer shows as much as is asked for",
        "src/domains/appointments/offering.py",
        "            if self._room <= 0:\n",
        "            if self._room < -1e9:\n",
        f"{_APPOINTMENTS}::test_an_answer_shows_so_much_and_says_where_the_rest_begins",
    ),
    _fault(
        "one network fills a waiting list",
        "src/domains/appointments/waiting_list.py",
        "elif found.of_visitor >= MOST_OF_VISITOR or found.of_customer",
        "elif found.of_customer",
        f"{_LIMITS}::test_a_network_and_an_address_have_a_few_places_each_and_others_are_let_in",
    ),
    _fault(
        "one address fills a waiting list",
        "src/domains/appointments/waiting_list.py",
        " or found.of_customer >= MOST_OF_CUSTOMER",
        "",
        f"{_LIMITS}::test_a_network_and_an_address_have_a_few_places_each_and_others_are_let_in",
    ),
    _fault(
        "who waits twice is offered twice",
        "src/domains/appointments/waiting_list.py",
        "        return found.same\n",
        "        return None\n",
        f"{_LIMITS}::test_who_waits_twice_for_the_same_is_on_the_list_once_and_no_answer_tells",
    ),
    _fault(
        "who was named by a stranger who left is offered nothing",
        "src/domains/appointments/waiting_list.py",
        "            if heir := await self.waiting_list.inherit(entry.id):\n                self._tell_joined(heir)\n",
        "",
        f"{_LIMITS}::test_who_gave_another_s_address_keeps_them_from_nothing",
    ),
    _fault(
        "a visit that was moved is reminded of at its old time",
        "src/domains/appointments/reminders.py",
        "now in visit.reminders() and",
        "visit.reminders() and",
        f"{_REMINDERS}::test_what_was_moved_is_reminded_of_at_its_new_time_only",
    ),
    _fault(
        "a reminder is sent for each time at which a visit was moved back",
        "src/domains/appointments/reminders.py",
        " and visit.reminded_at != now",
        "",
        f"{_REMINDERS}::test_what_was_moved_is_reminded_of_at_its_new_time_only",
    ),
    _fault(
        "a reminder stands in no timeline",
        "src/domains/appointments/reminders.py",
        "self.work.record(AppointmentReminded.about(visit))",
        "pass",
        f"{_REMINDERS}::test_a_customer_is_reminded_at_each_time_and_once",
    ),
    _fault(
        "who cancelled is reminded",
        "src/domains/appointments/reminders.py",
        "is_due = visit.is_live and",
        "is_due =",
        f"{_REMINDERS}::test_nobody_is_reminded_of_what_was_cancelled",
    ),
    _fault(
        "a visit of a series that stays where it is loses its time",
        "src/domains/appointments/series.py",
        "if order.moves and visit.version == before.version:",
        "if order.moves and visit.version > before.version:",
        f"{_SERIES}::test_what_is_moved_to_where_it_is_keeps_its_time",
    ),
    _fault(
        "the first day of a rule is looked for until the year 9999",
        "src/domains/appointments/recurrence.py",
        "found = _walls(parts, wall, zone) if _fits(parts, wall) else []",
        "found = _walls(parts, wall, zone)",
        f"{_RECURRENCE}::test_the_first_day_of_a_rule_that_has_none_is_not_looked_for",
    ),
    _fault(
        "strangers have somebody mailed without end",
        "src/domains/appointments/online.py",
        "return contact is not None and await self.storefront.may_write_to(contact.email)",
        "return contact is not None",
        "tests/security/http/test_guessing.py"
        "::test_five_letters_an_hour_to_one_address_about_visits_that_strangers_book",
    ),
)
