"""Faults of the edge, of limits and of what is swept, beside those of the rest of the code."""

from tests.faults.source_faults import Edit, SourceFault


def _fault(name: str, file: str, old: str, new: str, caught_by: str) -> SourceFault:
    return SourceFault(name, (Edit(file, old, new),), caught_by)


FAULTS = (
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
    _fault(
        "idempotency keys are swept too early",
        "migrations/versions/0150_retention.py",
        "interval '24 hours'",
        "interval '1 hour'",
        "tests/workers/test_sweeper.py::test_what_is_over_goes_and_what_is_not_stays[idempotency_keys]",
    ),
)
