"""What schemathesis is told beside the document: which 400s what is documented may still meet."""

import re
from typing import Any

import schemathesis
from litestar.status_codes import HTTP_204_NO_CONTENT
from schemathesis.specs.openapi.checks import ensure_resource_availability

from tests.fuzzing.leads import with_leads

ALLOWED = frozenset({"invalid_code", "invalid_cursor", "invalid_token"})
"""Refusals of what was never given out: no schema can tell."""

BEYOND_A_SCHEMA = frozenset(
    {
        "before_from",
        "before_issue",
        "conflict",
        "endless",
        "invalid_csv",
        "invalid_domain",
        "invalid_email",
        "invalid_phone",
        "invalid_picture",
        "invalid_url",
        "lone_surrogate",
        "no_digit",
        "no_header",
        "no_lower_case",
        "no_upper_case",
        "no_weight",
        "not_ascending",
        "not_after_opens",
        "not_after_start",
        "not_csv",
        "not_first",
        "not_for_keys",
        "not_for_type",
        "nul_character",
        "one_of",
        "other_time",
        "out_of_range",
        "overlapping",
        "repeated",
        "required",
        "same",
        "several_defaults",
        "too_common",
        "too_far",
        "too_late",
        "too_many",
        "too_many_columns",
        "too_short",
        "unchanged",
        "unknown",
        "unknown_country",
        "unknown_currency",
        "unknown_locale",
        "unknown_timezone",
    }
)
"""Codes of fields that a table, the whole text, or two fields together decide on."""

_SIZES = frozenset({"too_large", "too_long", "too_small"})
_A_BOUND = re.compile(r"Expected at (?:least|most) \S+(?: characters?| entr(?:y|ies))?\.")


@schemathesis.hook
def before_load_schema(_context: schemathesis.HookContext, raw_schema: dict[str, Any]) -> None:
    with_leads(raw_schema)


@schemathesis.check
def documented_is_accepted(
    _context: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case[Any]
) -> None:
    """Stands in for `positive_data_acceptance`, which knows statuses only."""
    is_positive = case.meta is not None and case.meta.generation.mode is schemathesis.GenerationMode.POSITIVE
    if not is_positive or response.status_code != 400:
        return
    # No documented value is empty, yet some are: the fuzzer's own slip.
    if "" in (case.headers or {}).values():
        return
    problem = response.json()
    reasons = {
        error["code"] for error in problem["errors"] if not _is_whole_in_a_schema(error) and not _is_worked_out(error)
    }
    if problem["code"] in ALLOWED or (problem["errors"] and reasons <= BEYOND_A_SCHEMA):
        return
    raise AssertionError(f"what the document allows was refused: {problem['code']} {problem['errors']}")


@schemathesis.check
def what_was_made_is_found(
    context: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case[Any]
) -> None:
    """Stands in for `ensure_resource_availability`, which takes everything to be there until a DELETE.

    Customers are erased by a POST.
    """
    recorder = context.internals.recorder
    cases = recorder.find_all_cases() if recorder else ()
    erased = [
        each.path_parameters
        for each in cases
        if each.path.endswith("/{customerId}/erase") and _is_done(context.internals.find_response(case_id=each.id))
    ]
    if (case.path_parameters or {}) not in erased:
        ensure_resource_availability(context, response, case)


def _is_done(response: schemathesis.Response | None) -> bool:
    return response is not None and response.status_code == HTTP_204_NO_CONTENT


def _is_worked_out(error: dict[str, str]) -> bool:
    """A sum, a share or a number in a text may be too large or too small; a schema's own bound is told as a bound."""
    return error["code"] in _SIZES and not _A_BOUND.fullmatch(error["message"])


def _is_whole_in_a_schema(error: dict[str, str]) -> bool:
    """JSON Schema takes `7.0` for a whole number; the API wants it written as one."""
    return error["code"] == "invalid_type" and error["message"].startswith("Expected a whole number")
