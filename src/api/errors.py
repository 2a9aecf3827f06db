"""Refusals on the wire: RFC 9457 problem details, and the one table from codes to HTTP statuses."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import Annotated, Any
from uuid import UUID

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap, Scope
from msgspec import UNSET, UnsetType

from api.allowed_methods import listed
from api.instances import instance_of, route_of
from api.refusal_details import details_of
from api.request_id import request_id_of
from domains.shared.clock import Timestamp, timestamp
from domains.shared.errors import DomainError, FieldError, RateLimited, ValidationFailed

PROBLEM_MEDIA_TYPE = "application/problem+json; charset=utf-8"
RETRY_AFTER_SECONDS = 1

STATUS_OF: MappingProxyType[str, int] = MappingProxyType(
    {
        "validation_error": 400,
        "invalid_cursor": 400,
        "invalid_code": 400,
        "invalid_token": 400,
        "unauthenticated": 401,
        "token_expired": 401,
        "invalid_credentials": 401,
        "email_not_verified": 401,
        "two_factor_required": 401,
        "forbidden": 403,
        "account_suspended": 403,
        "feature_disabled": 403,
        "not_found": 404,
        "method_not_allowed": 405,
        "conflict": 409,
        "customer_in_use": 409,
        "customer_merged": 409,
        "already_exists": 409,
        "idempotency_in_progress": 409,
        "slot_taken": 409,
        "expired": 410,
        "job_under_way": 409,
        "version_conflict": 412,
        "payload_too_large": 413,
        "unsupported_media_type": 415,
        "deadline_passed": 422,
        "idempotency_key_reused": 422,
        "invalid_transition": 422,
        "last_owner": 422,
        "outside_hours": 422,
        "overpayment": 422,
        "overrefund": 422,
        "quota_exceeded": 422,
        "rate_limited": 429,
        "internal_error": 500,
        "provider_error": 502,
        "unavailable": 503,
    }
)

EDGE_REFUSALS: MappingProxyType[int, tuple[str, str, str]] = MappingProxyType(
    {
        400: ("validation_error", "The input is not valid", "The request could not be read."),
        404: ("not_found", "Not found", "There is nothing at this address."),
        405: ("method_not_allowed", "Method not allowed", "This address does not take that method."),
        413: ("payload_too_large", "The body is too large", "The body is larger than this address takes."),
        415: ("unsupported_media_type", "Unsupported media type", "The body must be sent as application/json."),
        500: ("internal_error", "Internal error", "Something went wrong. It was recorded under the request id."),
    }
)

_CALLER_LEFT = "client disconnected prematurely"
_log = structlog.get_logger("api")

Text = Annotated[str, msgspec.Meta(max_length=500)]
Code = Annotated[str, msgspec.Meta(max_length=64, pattern="^[a-z0-9_]+$")]
Reference = Annotated[str, msgspec.Meta(max_length=500, extra_json_schema={"format": "uri-reference"})]


class BadField(msgspec.Struct, frozen=True, kw_only=True):
    """One field or parameter that is not valid, by its JSON path: `emails[0]`, `address.city`."""

    field: Annotated[str, msgspec.Meta(max_length=500, examples=["emails[0]"])]
    code: Annotated[str, msgspec.Meta(max_length=64, examples=["invalid_email"])]
    message: Annotated[str, msgspec.Meta(max_length=1000, examples=["Expected an e-mail address."])]


class Problem(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Problem details (RFC 9457). `code` is stable; `detail` is English and for people. `retryAfter` is in seconds.

    `methods` says with what a login that lacks its second factor can be completed; `quota` what the plan gives no
    more of, and `limit` how much it gives; `conflictsWith` names the visit or the hold that has the time,
    and `alternatives` are times at which it could begin, the nearest. `newerUrl` leads to the version that took the
    place of an offer.
    """

    type: Reference
    title: Text
    status: Annotated[int, msgspec.Meta(ge=400, le=599)]
    detail: Text
    instance: Reference
    code: Code
    request_id: Annotated[str, msgspec.Meta(max_length=64)]
    timestamp: Timestamp
    errors: Annotated[list[BadField], msgspec.Meta(max_length=100)]
    retry_after: Annotated[int, msgspec.Meta(ge=1)] | UnsetType = UNSET
    methods: Annotated[list[Code], msgspec.Meta(max_length=10)] | UnsetType = UNSET
    quota: Code | UnsetType = UNSET
    limit: Annotated[int, msgspec.Meta(ge=0)] | UnsetType = UNSET
    conflicts_with: UUID | UnsetType = UNSET
    alternatives: Annotated[list[Timestamp], msgspec.Meta(max_length=3)] | UnsetType = UNSET
    newer_url: Annotated[str, msgspec.Meta(max_length=500)] | UnsetType = UNSET


def problem_type(code: str) -> str:
    return f"urn:frontdesk:problem:{code}"


def problem_response(
    scope: Scope,
    *,
    code: str,
    title: str,
    detail: str,
    errors: tuple[FieldError, ...] = (),
    headers: dict[str, str] | None = None,
    retry_after: int | UnsetType = UNSET,
    more: Mapping[str, Any] = MappingProxyType({}),
) -> Response[Problem]:
    """Answer with `code`; a code that the table lacks is answered as a 500."""
    status = STATUS_OF.get(code, HTTPStatus.INTERNAL_SERVER_ERROR)
    problem = Problem(
        type=problem_type(code),
        title=title,
        status=status,
        detail=detail[:500],
        instance=instance_of(scope),
        code=code,
        request_id=request_id_of(scope),
        timestamp=timestamp(datetime.now(UTC)),
        errors=[_bad_field(error) for error in errors[:100]],
        retry_after=retry_after,
        **more,
    )
    return Response(problem, status_code=status, media_type=PROBLEM_MEDIA_TYPE, headers=_with_hints(status, headers))


def internal_error(scope: Scope, error: BaseException) -> Response[Problem]:
    """Record the exception once, and show nothing of it."""
    _log.error("unhandled_exception", request_id=request_id_of(scope), route=route_of(scope), exc_info=error)
    return _refusal(scope, 500)


def refused_by_edge(scope: Scope, error: Exception) -> Response[Problem]:
    """The answer to whatever was raised before or around the router."""
    if isinstance(error, RateLimited):
        return _too_often(scope, error)
    if isinstance(error, DomainError) and error.code in STATUS_OF:
        return problem_response(
            scope,
            code=error.code,
            title=error.title,
            detail=error.detail,
            errors=error.errors,
            more=details_of(scope, error),
        )
    if isinstance(error, HTTPException):
        return _of_http(scope, error)
    return internal_error(scope, error)


def _answer(request: Request[Any, Any, Any], error: Exception) -> Response[Problem]:
    return refused_by_edge(request.scope, error)


def _too_often(scope: Scope, error: RateLimited) -> Response[Problem]:
    headers = {
        "Retry-After": str(error.retry_after),
        "X-RateLimit-Limit": str(error.most),
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": str(int(time.time()) + error.retry_after),
    }
    return problem_response(
        scope,
        code=error.code,
        title=error.title,
        detail=error.detail,
        headers=headers,
        retry_after=error.retry_after,
    )


def _of_http(scope: Scope, error: HTTPException) -> Response[Problem]:
    if error.detail == _CALLER_LEFT:
        return _refusal(scope, 400)
    if error.status_code not in EDGE_REFUSALS or error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return internal_error(scope, error)
    if error.status_code == HTTPStatus.BAD_REQUEST:
        return refused_by_edge(scope, _bad_request(error))
    allow = {
        name: listed(value.split(", ")) for name, value in (error.headers or {}).items() if name.lower() == "allow"
    }
    return _refusal(scope, error.status_code, allow)


def _bad_request(error: HTTPException) -> ValidationFailed:
    """The framework's own complaint, less its wording, which quotes the address and the input."""
    found = error.extra if isinstance(error.extra, list) else []
    fields = [str(one["key"]) for one in found if isinstance(one, dict) and "key" in one]
    if not fields:
        return ValidationFailed(EDGE_REFUSALS[400][2])
    return ValidationFailed.all_of([FieldError(field, "invalid", "This is missing or not valid.") for field in fields])


def _refusal(scope: Scope, status: int, headers: dict[str, str] | None = None) -> Response[Problem]:
    code, title, detail = EDGE_REFUSALS[status]
    return problem_response(scope, code=code, title=title, detail=detail, headers=headers)


def _with_hints(status: int, headers: dict[str, str] | None) -> dict[str, str]:
    hints = dict(headers or {})
    if status == HTTPStatus.UNAUTHORIZED:
        hints["WWW-Authenticate"] = "Bearer"
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        hints["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return hints


def _bad_field(error: FieldError) -> BadField:
    return BadField(field=error.field[:500], code=error.code, message=error.message[:1000])


EXCEPTION_HANDLERS: ExceptionHandlersMap = {HTTPException: _answer, Exception: _answer}
