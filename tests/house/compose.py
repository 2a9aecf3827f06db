"""What a compose file must keep to, beyond being valid."""

import re
from collections.abc import Iterator
from typing import Any

import yaml

NEEDED = frozenset({"postgres", "redis", "objects", "mail", "prepare", "api", "worker", "caddy"})
PUBLIC = frozenset({"caddy"})
SERVING = ("api", "worker")
OF_THE_CONTAINER = frozenset({"HOST", "PORT", "FRONTDESK_DATA_DIR", "FILES_DIR", "FRONTDESK_SANDBOX"})
OF_OTHER_SERVICES = re.compile(r"DOMAIN|DATABASE_(OWNER|RELAY)_URL|[A-Z]+_DATABASE_PASSWORD|REDIS_PASSWORD|S3_[A-Z_]+")
_VARIABLE = re.compile(r"(?<!\$)\$\{(?P<name>[A-Z0-9_]+)(?P<operator>:?[-?+])?")
_SECRET = re.compile(r"PASSWORD|SECRET|_KEY")

Service = dict[str, Any]


def problems(compose: str, example: str) -> list[str]:
    """What is wrong with the text of a compose file beside the text of `.env.example`."""
    services: dict[str, Service] = yaml.safe_load(compose)["services"]
    return [
        *(f"service {name} is missing" for name in sorted(NEEDED - set(services))),
        *_undocumented(compose, services, example),
        *_kept_away(services, example),
        *_weak(compose, services),
        *(problem for name, service in services.items() for problem in _of_one(name, service, services)),
    ]


def documented(example: str) -> set[str]:
    return set(re.findall(r"^([A-Z0-9_]+)=", example, re.MULTILINE))


def _undocumented(compose: str, services: dict[str, Service], example: str) -> Iterator[str]:
    used = {match["name"] for match in _VARIABLE.finditer(compose)}
    given = {name for service in services.values() if "build" in service for name in service["environment"]}
    yield from (f"{name} is not in .env.example" for name in sorted((used | given) - documented(example)))


def _kept_away(services: dict[str, Service], example: str) -> Iterator[str]:
    """Settings that somebody writes into `.env` for nothing."""
    for service in (name for name in SERVING if name in services):
        for name in sorted(documented(example) - OF_THE_CONTAINER - set(services[service]["environment"])):
            if not OF_OTHER_SERVICES.fullmatch(name):
                yield f"{name} does not reach {service}"


def _weak(compose: str, services: dict[str, Service]) -> Iterator[str]:
    required = {match["name"] for match in _VARIABLE.finditer(compose) if match["operator"] == ":?"}
    defaulted = {match["name"] for match in _VARIABLE.finditer(compose) if match["operator"] in {"-", ":-"}}
    for name in sorted({match["name"] for match in _VARIABLE.finditer(compose) if _SECRET.search(match["name"])}):
        if name not in required or name in defaulted:
            yield f"{name} must be asked for, without a default"
    for service in services.values():
        for name, value in service.get("environment", {}).items():
            if _SECRET.search(name) and value is not None and not str(value).startswith("${"):
                yield f"{name} is written down"


def _of_one(name: str, service: Service, services: dict[str, Service]) -> Iterator[str]:
    yield from _waiting(name, service, services)
    if "build" not in service and not _has_health(service):
        yield f"{name} has no health check"
    if "build" not in service and service["image"].partition(":")[2] in {"", "latest"}:
        yield f"{name} is not pinned to a version"
    local = all(str(port).startswith("127.0.0.1:") for port in service.get("ports", []))
    if name not in PUBLIC and not local:
        yield f"{name} is open to the network"


def _waiting(name: str, service: Service, services: dict[str, Service]) -> Iterator[str]:
    for other, how in service.get("depends_on", {}).items():
        if other not in services:
            yield f"{name} depends on {other}, which is not there"
        elif how["condition"] == "service_healthy" and not _has_health(services[other]):
            yield f"{name} waits for the health of {other}, which has no check"


def _has_health(service: Service) -> bool:
    """Its own check, or the one in our image, unless that is turned off."""
    return not service["healthcheck"].get("disable") if "healthcheck" in service else "build" in service
