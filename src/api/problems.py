"""The refusals that an operation can answer with, for its OpenAPI entry."""

from collections.abc import Iterator, Mapping
from typing import Any

from litestar.openapi import ResponseSpec
from litestar.openapi.spec import Example

from api.errors import EDGE_REFUSALS, PROBLEM_MEDIA_TYPE, STATUS_OF, Problem, problem_type
from domains.shared.errors import DomainError


def problems(*codes: str) -> dict[int, ResponseSpec]:
    """`responses=` of a handler: the codes it can answer with beyond those that follow from its parameters and body."""
    statuses = sorted({STATUS_OF[code] for code in codes})
    return {status: _spec([code for code in codes if STATUS_OF[code] == status]) for status in statuses}


def already(shown: type[Any]) -> dict[int, ResponseSpec]:
    """The same of one that makes a thing once: what was there already is shown again."""
    return {200: ResponseSpec(data_container=shown, generate_examples=False, description="It was there already.")}


def declared_codes(responses: Mapping[int, ResponseSpec] | None) -> list[str]:
    """The codes that `problems` put there."""
    specs = [spec for spec in (responses or {}).values() if spec.data_container is Problem]
    return [str(example.id) for spec in specs for example in spec.examples or []]


def titles() -> dict[str, str]:
    """Each known code with its title."""
    return {code: title for code, title, _ in EDGE_REFUSALS.values()} | {
        kind.code: kind.title for kind in kinds_of_refusal()
    }


def kinds_of_refusal(base: type[DomainError] = DomainError) -> Iterator[type[DomainError]]:
    """All subclasses that are loaded, however deep."""
    for kind in base.__subclasses__():
        yield kind
        yield from kinds_of_refusal(kind)


def example_problem(code: str, instance: str = "/api/v1/customers") -> dict[str, Any]:
    title = titles()[code]
    return {
        "type": problem_type(code),
        "title": title,
        "status": STATUS_OF[code],
        "detail": f"{title}.",
        "instance": instance,
        "code": code,
        "requestId": "0192f0c1-2b3c-7d4e-8f50-617283940a1b",
        "timestamp": "2026-11-21T09:30:00.000Z",
        "errors": [],
        **({"retryAfter": 30} if code == "rate_limited" else {}),
        **({"methods": ["totp", "recovery_code"]} if code == "two_factor_required" else {}),
        **({"quota": "customers", "limit": 1000} if code == "quota_exceeded" else {}),
    }


def _spec(codes: list[str]) -> ResponseSpec:
    return ResponseSpec(
        data_container=Problem,
        generate_examples=False,
        description=", ".join(codes),
        media_type=PROBLEM_MEDIA_TYPE,
        examples=[Example(id=code, value=example_problem(code)) for code in codes],
    )
