"""Ceilings: how long a file and a function may be, and which file names say nothing."""

import ast
from collections.abc import Iterator

from tests.house.tree import Repository, Source, Violation

FILE_CEILING = 250
TEST_FILE_CEILING = 400
FUNCTION_CEILING = 40
USUAL_FUNCTION = 20
USUAL_SHARE = 0.95
HANDLER_CEILING = 10
PORTS_CEILING = 5
_METHODS = frozenset({"get", "post", "put", "patch", "delete", "head", "websocket"})
EMPTY_NAMES = frozenset({"service", "services", "util", "utils", "helper", "helpers", "manager", "managers"})

Function = ast.FunctionDef | ast.AsyncFunctionDef


def file_length(repository: Repository) -> Iterator[Violation]:
    """A file has at most 250 lines, a test file 400."""
    for file in repository.python():
        ceiling = TEST_FILE_CEILING if file.is_below("tests") else FILE_CEILING
        if len(file.lines) > ceiling:
            yield Violation("file-length", str(file.path), 1, f"{len(file.lines)} lines, at most {ceiling}")


def function_length(repository: Repository) -> Iterator[Violation]:
    """A function has at most 40 lines, its docstring included."""
    for file in repository.python():
        for function, length in functions(file):
            if length > FUNCTION_CEILING:
                text = f"{function.name} has {length} lines, at most {FUNCTION_CEILING}"
                yield Violation("function-length", str(file.path), function.lineno, text)


def usual_function_length(repository: Repository) -> Iterator[Violation]:
    """95 % of the functions under `src/` have at most 20 lines."""
    lengths = [length for file in repository.python("src") for _, length in functions(file)]
    short = sum(length <= USUAL_FUNCTION for length in lengths)
    if lengths and short / len(lengths) < USUAL_SHARE:
        text = f"{short} of {len(lengths)} functions have at most {USUAL_FUNCTION} lines, 95 % should"
        yield Violation("usual-function-length", "src", 0, text)


def handler_length(repository: Repository) -> Iterator[Violation]:
    """A handler's body has at most 10 lines, its docstring aside: parse, one use case, answer."""
    for file in repository.python("src"):
        for function, _ in functions(file):
            if file.is_below("src", "api") and _is_handler(function) and _body(function) > HANDLER_CEILING:
                text = f"{function.name} has {_body(function)} lines, at most {HANDLER_CEILING}"
                yield Violation("handler-length", str(file.path), function.lineno, text)


def port_count(repository: Repository) -> Iterator[Violation]:
    """A capability's constructor takes at most 5 ports; the actor is none."""
    for file in repository.python("src"):
        for function, _ in functions(file):
            arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
            ports = [argument.arg for argument in arguments if argument.arg not in {"self", "actor"}]
            if file.is_below("src", "domains") and function.name == "__init__" and len(ports) > PORTS_CEILING:
                text = f"{len(ports)} ports, at most {PORTS_CEILING}: it is two capabilities"
                yield Violation("port-count", str(file.path), function.lineno, text)


def file_name(repository: Repository) -> Iterator[Violation]:
    """No file or folder is named after a layer: such a file never ends."""
    for file in repository.python():
        names = {*file.path.parts[:-1], file.path.stem}
        for name in sorted(names & EMPTY_NAMES):
            yield Violation("file-name", str(file.path), 1, f"`{name}` says nothing: name the capability")


def functions(file: Source) -> Iterator[tuple[Function, int]]:
    for node in file.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node, (node.end_lineno or node.lineno) - node.lineno + 1


def _is_handler(function: Function) -> bool:
    called = (decorator.func for decorator in function.decorator_list if isinstance(decorator, ast.Call))
    return any(isinstance(name, ast.Name) and name.id in _METHODS for name in called)


def _body(function: Function) -> int:
    statements = function.body[1:] if ast.get_docstring(function) else function.body
    return (statements[-1].end_lineno or 0) - statements[0].lineno + 1 if statements else 0
