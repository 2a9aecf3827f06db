"""Faults of the edge, of limits, of the live pipe, of the audit log's chain and of what is swept."""

from tests.faults.source_faults import Edit, SourceFault

_AUDIT = "tests/infra/postgres/test_audit_log.py"


def _fault(name: str, file: str, old: str, new: str, caught_by: str) -> SourceFault:
    return SourceFault(name, (Edit(file, old, new),), caught_by)


_LINKS = "tests/api/test_openapi_links.py"

FAULTS = (
    _fault(
        "each place in a body is written out, faulty or not",
        "src/api/json_text.py",
        "_unsound(item, (place, index), depth + 1)",
        "_unsound(item, (None, _path((place, index))), depth + 1)",
        "tests/api/test_body.py::test_a_large_rude_body_is_refused_in_little_time",
    ),
    _fault(
        "a line names who called just before on the same connection",
        "src/api/request_id.py",
        "        structlog.contextvars.unbind_contextvars(*_OF_THE_CALLER)\n",
        "",
        "tests/api/test_access_log.py::test_who_called_just_before_on_the_same_connection_is_not_in_the_line",
    ),
    _fault(
        "an empty from is no from",
        "src/api/periods.py",
        "        min_length=10,",
        "        min_length=0,",
        "tests/api/test_openapi.py::test_no_parameter_takes_a_text_without_anything_in_it",
    ),
    _fault(
        "a link leads to what asks for more than is known",
        "src/api/openapi_links.py",
        "if not is_about or any(required for each, required in asked.items() if each not in known):",
        "if not is_about:",
        f"{_LINKS}::test_a_link_gives_all_that_the_other_operation_asks_for",
    ),
    _fault(
        "of different answers with one name, one is shown for all",
        "src/api/openapi_shared.py",
        "if count > 1 and name not in self.parts:",
        "if count > 1:",
        f"{_LINKS}::test_what_is_shared_is_what_each_operation_says_by_itself",
    ),
    _fault(
        "a number is taken for one in its one form though the library would leave something out",
        "src/domains/shared/contact.py",
        'begins_soundly = national[0] != "0" and not (self.stripped and self.stripped.match(national))',
        "begins_soundly = True",
        "tests/domains/shared/test_contact.py"
        "::test_a_number_that_is_written_in_its_one_form_is_what_the_library_takes_it_for",
    ),
    _fault(
        "the first requests wait until there are connections",
        "src/frontdesk/asgi.py",
        "beside = [connected, observing]",
        "beside = [observing]",
        "tests/frontdesk/test_api_process.py::test_one_process_serves_and_a_second_is_refused",
    ),
    _fault(
        "the word null in an address is no value",
        "src/api/parameters.py",
        'if value.lower() == "null" and parameter.is_converted:',
        "if False:",
        "tests/api/test_parameters.py::test_the_word_null_is_no_value",
    ),
    _fault(
        "OPTIONS names the methods of the first handler only",
        "src/api/allowed_methods.py",
        'send_with_all if scope.get("method") == "OPTIONS" else send',
        "send",
        "tests/api/test_allowed_methods.py::test_every_address_names_all_its_methods",
    ),
    _fault(
        "a NUL is let in",
        "src/api/json_text.py",
        'if "\\x00" in text:',
        "if False:",
        "tests/security/http/test_raw_inputs.py::test_what_is_never_valid_is_refused_in_any_field",
    ),
    _fault(
        "passwords wait without end",
        "src/infra/passwords.py",
        "if self.waiting >= _MOST_WAITING:",
        "if False:",
        "tests/infra/test_passwords.py::test_a_flood_is_turned_away_at_once_and_leaves_room_for_the_next",
    ),
    _fault(
        "without Redis each process lets ten in",
        "src/api/live/turnstile.py",
        "granted = len(here) <= _MOST_UNCOUNTED",
        "granted = True",
        "tests/api/live/test_limits.py::test_without_redis_each_process_lets_fewer_in",
    ),
    SourceFault(
        "idempotency keys are swept too early",
        (
            Edit("migrations/versions/0150_retention.py", "interval '24 hours'", "interval '1 hour'"),
            Edit("migrations/versions/0206_ends_of_tenants.py", "interval '24 hours'", "interval '1 hour'"),
        ),
        "tests/workers/test_sweeper.py::test_what_is_over_goes_and_what_is_not_stays[idempotency_keys]",
    ),
    _fault(
        "who never reads an event stream keeps it",
        "src/api/deadlines.py",
        "self._reading = self.loop.call_later(self.patience.read_seconds, self.transport.abort)",
        "self._reading = None",
        "tests/api/live/test_event_stream.py::test_who_never_reads_holds_little_and_is_dropped",
    ),
    _fault(
        "a restore is stopped in its last step",
        "src/frontdesk/restore.py",
        "                await signals.heed_no_more()\n",
        "",
        "tests/faults/test_interrupted.py::test_a_restore_takes_the_database_s_place_or_leaves_it",
    ),
    _fault(
        "a backup is stopped when it is there",
        "src/frontdesk/backup.py",
        "    await signals.heed_no_more()\n",
        "",
        "tests/faults/test_interrupted.py::test_a_backup_is_there_whole_or_not_at_all",
    ),
    _fault(
        "a worker that is told twice goes on",
        "src/frontdesk/worker.py",
        "working.cancel()",
        "stop.set()",
        "tests/faults/test_worker_stops.py::test_told_twice_it_waits_for_nobody_and_loses_no_letter",
    ),
    _fault(
        "a page cannot send what leaving asks for",
        "src/api/cross_origin.py",
        "Content-Type, Current-Code, Current-Password, ",
        "Content-Type, ",
        "tests/api/test_headers.py::test_a_page_may_send_each_header_that_an_operation_takes",
    ),
    _fault(
        "a log that grows without an end keeps the others waiting",
        "src/api/live/hub.py",
        "                if len(events) == _PAGE:\n                    self._behind.add(tenant)\n",
        "                if len(events) == _PAGE:\n                    await self._advance(tenant)\n",
        "tests/api/live/test_turns.py::test_a_log_without_an_end_keeps_no_other_waiting",
    ),
    _fault(
        "a page is more than a reader can hold",
        "src/api/live/hub.py",
        "_PAGE = MOST_FRAMES // 2",
        "_PAGE = MOST_FRAMES * 2",
        "tests/api/live/test_turns.py::test_who_reads_hears_a_burst_to_its_end",
    ),
    _fault(
        "a use case rings by itself",
        "src/infra/postgres/recording.py",
        "Subscriptions = Mapping",
        "RING = \"select pg_notify('frontdesk_grown', '')\"\nSubscriptions = Mapping",
        "tests/security/sql/test_statements.py::test_it_is_said_where_it_belongs_and_nowhere_else",
    ),
    _fault(
        "frames are numbered in the order in which they were written",
        "src/infra/postgres/numbering.py",
        "h.seq + 1 - row_number() over (partition by t.tenant_id order by t.id desc),",
        "t.id,",
        "tests/api/live/test_faults.py::test_who_wrote_first_and_committed_last_is_heard_last",
    ),
    SourceFault(
        "the audit log is chained by whoever writes to it",
        (
            Edit(
                "migrations/versions/0020_audit.py",
                "if tenant is null or not pg_try_advisory_xact_lock(hashtextextended('audit ' || tenant, 0)) then",
                "perform pg_advisory_xact_lock(hashtextextended('audit ' || tenant, 0)); if tenant is null then",
            ),
            Edit(
                "migrations/versions/0020_audit.py",
                "            offer_function(signature, to=RELAY)\n",
                "            offer_function(signature, to=RELAY)\n"
                "            run(f'create function work.seal() returns trigger language plpgsql {_AS_OWNER}'\n"
                "                ' as $$ begin perform seal_audit(1); return null; end $$',\n"
                "                'create trigger seal after insert on work.unsealed for each row'\n"
                "                ' execute function work.seal()')\n",
            ),
        ),
        f"{_AUDIT}::test_many_writers_wait_for_nobody_and_are_sealed_without_a_gap",
    ),
    _fault(
        "a request is logged with its headers",
        "src/api/access_log.py",
        'self._log.info("request", ',
        'self._log.info("request", headers=str(scope["headers"]), ',
        "tests/security/http/test_roles.py::test_each_role_may_what_the_table_says_and_nothing_else",
    ),
)
