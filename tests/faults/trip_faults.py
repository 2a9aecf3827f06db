"""Faults of what saves round trips and repeated checks, beside those of the rest of the code."""

from tests.faults.source_faults import Edit, SourceFault

_BINDING = "tests/infra/postgres/test_binding.py"
_PLANS = "tests/infra/postgres/test_plans.py"
_WORK = "tests/infra/postgres/test_work.py"


def _fault(name: str, file: str, old: str, new: str, caught_by: str) -> SourceFault:
    return SourceFault(name, (Edit(file, old, new),), caught_by)


FAULTS = (
    _fault(
        "a statement of its own binds the session",
        "src/infra/postgres/binding.py",
        "set_config('app.tenant_id', ${at}, true)",
        "set_config('app.tenant_id', ${at}, false)",
        f"{_BINDING}::test_a_statement_of_its_own_binds_itself_and_nothing_else",
    ),
    _fault(
        "what is read does not wait for the binding",
        "src/infra/postgres/binding.py",
        " where bound.tenant is not null offset 0",
        "",
        f"{_PLANS}::test_one_customer_is_found_by_its_key",
    ),
    _fault(
        "a read of its own leaves its connection in the middle of something",
        "src/infra/postgres/statements.py",
        "            lease.connection.terminate()\n",
        "",
        f"{_BINDING}::test_a_statement_of_its_own_ends_with_its_task",
    ),
    _fault(
        "a visit that meets another by the constraint alone is an error",
        "src/infra/postgres/slot_holds.py",
        ", refusals=_FASTER)",
        ")",
        "tests/infra/postgres/test_calendar_port.py::test_who_looks_at_nothing_and_books_meets_the_constraint",
    ),
    _fault(
        "a work that is refused with its commit loses its connection",
        "src/infra/postgres/transactions.py",
        "        except DomainError:\n            await self.roll_back()\n            raise\n",
        "        except DomainError:\n            raise\n",
        "tests/infra/postgres/test_calendar_port.py::test_who_looks_at_nothing_and_books_meets_the_constraint",
    ),
    _fault(
        "writes are not done in their order",
        "src/infra/postgres/binding.py",
        "reversed(parts)",
        "parts",
        f"{_WORK}::test_changes_events_and_envelopes_are_stored_together",
    ),
    _fault(
        "a statement of its own whose answer is lost counts as undone",
        "src/infra/postgres/transactions.py",
        "                raise OutcomeUnknown from error\n",
        "                raise\n",
        "tests/faults/test_commit_unknown.py::test_a_commit_whose_answer_is_lost",
    ),
    _fault(
        "a statement of its own leaves its connection in the middle of something",
        "src/infra/postgres/transactions.py",
        "            self.driver.terminate()\n            raise\n",
        "            raise\n",
        f"{_BINDING}::test_a_statement_of_its_own_ends_with_its_task",
    ),
    _fault(
        "a token is believed for ever once it was read",
        "src/infra/tokens.py",
        "verified is None or verified.until <= self._wall().timestamp()",
        "verified is None",
        "tests/infra/test_tokens.py::test_a_token_that_was_read_expires_all_the_same",
    ),
)
