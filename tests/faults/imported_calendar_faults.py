"""Faults of calendars that are imported, of feeds, and of new rules of time zones."""

from tests.faults.source_faults import Edit, SourceFault

_CALENDARS = "tests/api/test_imported_calendars.py"
_SOURCE = "tests/infra/calendars/test_source.py"
_TIMES = "tests/infra/calendars/test_busy_times.py"
_RULES = "tests/api/test_new_zone_rules.py"


def _fault(name: str, file: str, old: str, new: str, caught_by: str) -> SourceFault:
    return SourceFault(name, (Edit(file, old, new),), caught_by)


IMPORTED_CALENDAR_FAULTS = (
    _fault(
        "a calendar is asked for at an inner address",
        "src/infra/outer_http.py",
        "outer_address(host, port, inner_allowed=self._inner_allowed, resolving=self._resolving)",
        "outer_address(host, port, inner_allowed=True, resolving=self._resolving)",
        f"{_SOURCE}::test_nothing_of_the_inner_network_is_asked",
    ),
    _fault(
        "a name is judged by the first address it leads to",
        "src/infra/inner_networks.py",
        "for *_, address in found):",
        "for *_, address in found[:1]):",
        "tests/infra/test_inner_networks.py::test_a_name_that_leads_inside_too_is_not_called",
    ),
    _fault(
        "a name is resolved again after it was judged",
        "src/infra/outer_http.py",
        "self._connecting.connect_tcp(address, port",
        "self._connecting.connect_tcp(host, port",
        f"{_SOURCE}::test_a_name_is_resolved_once_and_judged_by_all_that_it_leads_to",
    ),
    _fault(
        "a redirection leads anywhere",
        "src/infra/outer_http.py",
        'is_known = parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc',
        "is_known = bool(parts.scheme)",
        f"{_SOURCE}::test_a_server_that_means_harm",
    ),
    _fault(
        "an answer may be as long as it likes",
        "src/infra/outer_http.py",
        "if len(body) > most:",
        "if len(body) > 1000 * most:",
        f"{_SOURCE}::test_a_server_that_means_harm",
    ),
    _fault(
        "what is cancelled elsewhere blocks",
        "src/infra/calendars/busy_times.py",
        ' and str(event.get("STATUS", "")).upper() != "CANCELLED"',
        "",
        f"{_TIMES}::test_one_event",
    ),
    _fault(
        "one calendar's failure frees its times",
        "src/domains/appointments/calendar_importing.py",
        "        if isinstance(found, Found) and await self.shelf.keep_busy(present, found.busy):",
        "        if await self.shelf.keep_busy(present, found.busy if isinstance(found, Found) else ()):",
        f"{_CALENDARS}::test_it_is_read_again_and_what_was_read_stays_where_that_fails",
    ),
    _fault(
        "a plan that was overtaken reads once more",
        "src/domains/appointments/calendar_importing.py",
        "if present is None or not present.is_due(self.clock.now()):",
        "if present is None:",
        f"{_CALENDARS}::test_every_hour_it_is_asked_whether_it_is_another_one_and_later_where_it_fails",
    ),
    _fault(
        "a calendar's address is kept in the clear",
        "src/infra/postgres/imported_calendars.py",
        'kept["url"] = self._vault.lock(calendar.url.encode(), self._place(calendar.id))',
        'kept["url"] = calendar.url.encode()',
        f"{_CALENDARS}::test_only_the_times_are_kept_and_the_address_is_locked",
    ),
    _fault(
        "one tenant's slow calendars keep those of others waiting",
        "src/workers/leased.py",
        "await asyncio.wait(tasks, timeout=seconds)",
        "await asyncio.wait(tasks, timeout=seconds and None)",
        f"{_CALENDARS}::test_calendars_of_others_do_not_wait_for_those_of_one_tenant",
    ),
    _fault(
        "what is read outside is done before it is begun",
        "src/workers/leased.py",
        "            async with self._kept(envelope):\n                await self._handle(envelope)\n",
        "            await self._envelopes.done(envelope)\n            await self._handle(envelope)\n",
        "tests/faults/test_visits_killed.py::test_a_calendar_that_was_half_read_is_read_whole",
    ),
    _fault(
        "slow calendars keep letters waiting",
        "src/workers/leased.py",
        "self._slow_lane if envelope.kind in self._slow else self._lane",
        "self._lane",
        "tests/workers/test_relay_alone.py::test_what_takes_long_keeps_nobody_waiting",
    ),
    _fault(
        "visits in a row are in each other's way",
        "src/domains/appointments/rederiving.py",
        "if each.blocker not in own | over]",
        "if each.blocker not in over]",
        f"{_RULES}::test_visits_in_a_row_move_with_the_clocks_and_others_do_not",
    ),
    _fault(
        "who must stay is moved into another's time",
        "src/domains/appointments/rederiving.py",
        "            _place(placed, shift, shift.before.blocked)\n",
        "            _place(placed, shift, shift.after.blocked)\n",
        "tests/domains/appointments/test_rederiving.py::test_nobody_has_two_visits_at_once_and_who_stays_has_a_reason",
    ),
    _fault(
        "a feed's address is where the request claims to have come to",
        "src/api/calendar_feed.py",
        'return f"{public.root}/api/v1/appointments/calendar/{token}{_SUFFIX}"',
        'return f"http://elsewhere.example.com/api/v1/appointments/calendar/{token}{_SUFFIX}"',
        "tests/api/test_calendar_feed.py::test_an_address_is_where_the_world_reaches_us_whatever_a_request_claims",
    ),
    _fault(
        "what the library takes for global is",
        "src/infra/inner_networks.py",
        "    if any(found in each for each in _INNER):\n        return False\n",
        "",
        "tests/infra/test_inner_networks.py::test_an_inner_address",
    ),
)
