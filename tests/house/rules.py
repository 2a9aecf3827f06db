"""All house rules that no tool has, and what is exempt from them."""

from collections.abc import Callable, Iterable
from types import MappingProxyType
from typing import NamedTuple

from tests.house import honesty, imports, sizes, words
from tests.house.tree import Repository, Violation

Rule = Callable[[Repository], Iterable[Violation]]

RULES: MappingProxyType[str, Rule] = MappingProxyType(
    {
        "declared-imports": imports.declared_imports,
        "domain-imports": imports.domain_imports,
        "file-length": sizes.file_length,
        "file-name": sizes.file_name,
        "function-length": sizes.function_length,
        "handler-length": sizes.handler_length,
        "live-links": words.live_links,
        "no-machine": words.no_machine,
        "no-patching": honesty.no_patching,
        "no-sleeping": honesty.no_sleeping,
        "nothing-left": words.nothing_left,
        "port-count": sizes.port_count,
        "private-modules": imports.private_modules,
        "public-registries": words.public_registries,
        "reason-for-leaving-out": honesty.reasons_for_leaving_out,
        "reason-for-silence": words.reason_for_silence,
        "test-asserts": honesty.test_asserts,
        "usual-function-length": sizes.usual_function_length,
    }
)


class Exemption(NamedTuple):
    """One file that may break one rule, and why. One that is no longer needed is itself a violation."""

    rule: str
    path: str
    reason: str


STATEMENTS = "a revision is one list of statements, read from top to bottom"
PLANTED = "plants the violations that the rules must see"
EXEMPTIONS: tuple[Exemption, ...] = (
    Exemption("function-length", "migrations/versions/0002_directory.py", STATEMENTS),
    Exemption("function-length", "migrations/versions/0004_work.py", STATEMENTS),
    Exemption("function-length", "migrations/versions/0005_tenants_and_users.py", STATEMENTS),
    Exemption("no-machine", "tests/house/test_rules.py", PLANTED),
    Exemption("public-registries", "tests/house/test_rules.py", PLANTED),
    Exemption("reason-for-silence", "tests/house/test_tools.py", PLANTED),
    Exemption("no-sleeping", "tests/infra/postgres/slow_line.py", "a slow line takes its time"),
    Exemption("no-sleeping", "tests/infra/postgres/test_clock.py", "a slow answer takes its time"),
)


def violations(repository: Repository, exemptions: Iterable[Exemption] = EXEMPTIONS) -> list[Violation]:
    """Whatever breaks a rule and is not exempt, then exemptions that nothing needs."""
    exempt = {(exemption.rule, exemption.path) for exemption in exemptions}
    found = [violation for rule in RULES.values() for violation in rule(repository)]
    idle = exempt - {(violation.rule, violation.path) for violation in found}
    return [
        *(violation for violation in found if (violation.rule, violation.path) not in exempt),
        *(Violation("idle-exemption", path, 0, f"nothing breaks {rule}") for rule, path in sorted(idle)),
    ]
