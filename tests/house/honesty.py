"""Tests that cannot fail, wait in vain or replace our own code prove nothing."""

import ast
import re
from collections.abc import Iterator

from tests.house.tree import Repository, Source, Violation

_ASSERTING = re.compile(r"^(raises|warns|fail)$|^_?(assert|check|expect|must|verify)")
_PATCHING = re.compile(r"(^|\.)(mock\.patch|mocker\.patch|monkeypatch\.setattr)(\.|$)")
_LEAVING_OUT = frozenset({"skip", "skipif", "xfail"})
_TIME_LIMITS = re.compile(r"monotonic|deadline|timeout|in_time|perf_counter")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def test_asserts(repository: Repository) -> Iterator[Violation]:
    """Each test asserts something, itself or through a function of its module."""
    for file in _tests(repository):
        asserting = _asserting_functions(file)
        for function in _functions(file):
            if function.name.startswith("test_") and not _asserts(function, asserting):
                yield Violation("test-asserts", str(file.path), function.lineno, f"{function.name} cannot fail")


def no_patching(repository: Repository) -> Iterator[Violation]:
    """Nothing is patched: a collaborator is given to the constructor."""
    for file in _tests(repository):
        for node in file.nodes:
            if isinstance(node, ast.Attribute) and _PATCHING.search(dotted(node)):
                yield Violation("no-patching", str(file.path), node.lineno, dotted(node))
            if isinstance(node, ast.ImportFrom) and node.module in {"unittest.mock", "mock"}:
                for name in (alias.name for alias in node.names if alias.name == "patch"):
                    yield Violation("no-patching", str(file.path), node.lineno, name)


def no_sleeping(repository: Repository) -> Iterator[Violation]:
    """A test sleeps only between two looks, in a loop that ends: a `for`, or a `while` with a deadline."""
    for file in _tests(repository):
        polling = {id(call) for loop in _ending_loops(file) for call in ast.walk(loop) if isinstance(call, ast.Call)}
        for node in file.nodes:
            if isinstance(node, ast.Call) and _sleeps(node) and id(node) not in polling:
                yield Violation(
                    "no-sleeping", str(file.path), node.lineno, "wait for what should happen, with a deadline"
                )


def reasons_for_leaving_out(repository: Repository) -> Iterator[Violation]:
    """A test that is skipped or expected to fail says why."""
    for file in _tests(repository):
        called = {id(node.func): node for node in file.nodes if isinstance(node, ast.Call)}
        for node in file.nodes:
            if isinstance(node, ast.Attribute) and _leaves_out(dotted(node)):
                call = called.get(id(node))
                if call is None or not (_reason(call) or _positional_reason(call, node.attr)):
                    yield Violation(
                        "reason-for-leaving-out", str(file.path), node.lineno, f"{dotted(node)} has no reason"
                    )


def dotted(node: ast.AST) -> str:
    """`a.b.c` for a name or an attribute, an empty string for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = dotted(node.value)
        return f"{inner}.{node.attr}" if inner else node.attr
    return ""


def _tests(repository: Repository) -> Iterator[Source]:
    return repository.python("tests")


def _functions(file: Source) -> Iterator[Function]:
    return (node for node in file.nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def _asserting_functions(file: Source) -> set[str]:
    asserting: set[str] = set()
    while True:
        found = {function.name for function in _functions(file) if _asserts(function, asserting)}
        if found == asserting:
            return asserting
        asserting = found


def _asserts(function: Function, asserting: set[str]) -> bool:
    for node in ast.walk(function):
        if isinstance(node, ast.Assert) and not isinstance(node.test, ast.Constant):
            return True
        if isinstance(node, ast.Call):
            name = dotted(node.func).rpartition(".")[2]
            if _ASSERTING.match(name) or name in asserting:
                return True
    return False


def _sleeps(call: ast.Call) -> bool:
    yields = bool(call.args) and isinstance(call.args[0], ast.Constant) and call.args[0].value == 0
    return dotted(call.func).rpartition(".")[2] == "sleep" and not yields


def _ending_loops(file: Source) -> Iterator[ast.AST]:
    for function in _functions(file):
        loops = [node for node in ast.walk(function) if isinstance(node, ast.For | ast.While)]
        limited = any(isinstance(loop, ast.While) for loop in loops) and _TIME_LIMITS.search(ast.unparse(function))
        yield from (loop for loop in loops if limited or isinstance(loop, ast.For))


def _leaves_out(name: str) -> bool:
    start, _, end = name.rpartition(".")
    return end in _LEAVING_OUT and start in {"pytest", "pytest.mark", "mark"}


def _reason(call: ast.Call) -> bool:
    return any(keyword.arg in {"reason", "msg"} and not _empty(keyword.value) for keyword in call.keywords)


def _positional_reason(call: ast.Call, name: str) -> bool:
    return name == "skip" and bool(call.args) and not _empty(call.args[0])


def _empty(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and not node.value
