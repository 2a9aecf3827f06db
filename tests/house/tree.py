"""The files of a repository, as the house rules see them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import NamedTuple

_CODE = ("src", "tests", "migrations", "bench", ".ci")


class Violation(NamedTuple):
    """A rule broken in one place."""

    rule: str
    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.text}"


class Source:
    """One file: its path in the repository, its text and, for Python, its syntax tree."""

    def __init__(self, path: str, text: str) -> None:
        self.path = PurePosixPath(path)
        self.text = text

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=str(self.path))

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    def is_below(self, *parts: str) -> bool:
        return self.path.parts[: len(parts)] == parts


class Repository:
    """What the rules are held against. Files are text; binary ones are left aside."""

    def __init__(self, texts: dict[str, str]) -> None:
        self.files = [Source(path, text) for path, text in sorted(texts.items())]

    @classmethod
    def at(cls, root: Path) -> "Repository":
        """All files of the checkout at `root` that Git does not ignore, those not yet added included."""
        listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        names = subprocess.run(listing, cwd=root, capture_output=True, text=True, check=True).stdout.split("\0")
        texts = {name: _text(root / name) for name in names if name and (root / name).is_file()}
        return cls({name: text for name, text in texts.items() if text is not None})

    def python(self, *rooms: str) -> Iterator[Source]:
        """Python files of the given top-level folders; of all that hold code when none is given."""
        wanted = rooms or _CODE
        return (file for file in self.files if file.path.suffix == ".py" and file.path.parts[0] in wanted)

    def dotted(self) -> set[str]:
        """Names of all modules and packages under `src/`: `domains.customers.model`."""
        files = [file.path for file in self.python("src")]
        parts = [path.parts[1:-1] if path.name == "__init__.py" else path.with_suffix("").parts[1:] for path in files]
        return {".".join(part[:end]) for part in parts for end in range(1, len(part) + 1)}


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
