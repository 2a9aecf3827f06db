"""Who may import what, as far as import-linter and ruff do not check it."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import packages_distributions

from tests.house.tree import Repository, Source, Violation

ALLOWED_IN_DOMAINS = frozenset({"msgspec", "phonenumbers", "dateutil", "email_validator", "babel"})
ROOMS = frozenset({"api", "domains", "frontdesk", "bench", "infra", "workers", "tests"})


def domain_imports(repository: Repository) -> Iterator[Violation]:
    """Domains import the standard library, other domains, and five libraries."""
    for file in repository.python("src"):
        if file.is_below("src", "domains"):
            for line, module in imported(file):
                top = module.partition(".")[0]
                if top not in ALLOWED_IN_DOMAINS | {"domains"} and top not in sys.stdlib_module_names:
                    yield Violation("domain-imports", str(file.path), line, f"`{top}` is not for domains")


def private_modules(repository: Repository) -> Iterator[Violation]:
    """A domain uses another one by the names in its `__init__`; `shared`, the kernel, by its modules."""
    modules = repository.dotted()
    for file in repository.python("src"):
        if file.is_below("src", "domains") and len(file.path.parts) > 3:
            own = file.path.parts[2]
            for line, module in imported(file, modules):
                parts = module.split(".")
                if parts[0] == "domains" and len(parts) > 2 and parts[1] not in {own, "shared"}:
                    yield Violation("private-modules", str(file.path), line, f"`{module}` is private to {parts[1]}")


def declared_imports(repository: Repository) -> Iterator[Violation]:
    """What tests, migrations and programs import is declared in `pyproject.toml`; deptry looks after `src/`."""
    declared = _declared(repository)
    distributions = _distributions()
    for file in repository.python("tests", "migrations", "bench", ".ci"):
        for line, module in imported(file):
            top = module.partition(".")[0]
            if top in ROOMS or top in sys.stdlib_module_names:
                continue
            if not declared & {_normal(name) for name in distributions.get(top, [top])}:
                yield Violation("declared-imports", str(file.path), line, f"`{top}` is not declared in pyproject.toml")


def imported(file: Source, modules: set[str] | None = None) -> Iterator[tuple[int, str]]:
    """Line and module of each import. With `modules`, `from a import b` names `a.b` where that is a module."""
    for node in file.nodes:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield node.lineno, full if modules and full in modules else node.module


@cache
def _distributions() -> Mapping[str, list[str]]:
    return packages_distributions()


def _declared(repository: Repository) -> set[str]:
    settings = next(tomllib.loads(file.text) for file in repository.files if str(file.path) == "pyproject.toml")
    groups = [settings["project"]["dependencies"], *settings["dependency-groups"].values()]
    return {_normal(re.split(r"[\[<>=!~; ]", wanted)[0]) for group in groups for wanted in group}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
