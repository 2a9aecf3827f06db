"""Setting papers by Typst. As a program: one order after the other from the standard input, until it ends.

The template is ours, and what is shown goes in as data: nothing of it is read as Typst.
"""

import re
import resource
import struct
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from datetime import time as clock_time
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import typst

from infra.documents.factur_x import declared
from infra.documents.fonts import folders
from infra.documents.orders import Compiled, Order

_FOLDER = Path(__file__).parent
_TEMPLATE = _FOLDER / "paper.typ"
_LENGTH = struct.Struct(">I")
_MOST_MEMORY = 2 << 30
_MISSING = re.compile(r"the text (?:`|'|\")(.+?)(?:`|'|\") could not be displayed", re.DOTALL)
_MOST_MISSING = 25
_MOST_SECONDS = 3.0
_IN_PLACE = "?"
_LATIN = 0x24F


class Compiler:
    """Typst, with our fonts only, and nothing to read but the template."""

    def __init__(self, *, seconds: float = _MOST_SECONDS) -> None:
        self._seconds = seconds
        fonts = typst.Fonts(include_system_fonts=False, font_paths=list(folders()))
        self._typst = typst.Compiler(_TEMPLATE, root=_FOLDER, font_paths=fonts, ignore_system_fonts=True)

    def compiled(self, order: Order) -> Compiled:
        """The paper. In an archival one a character that no font has becomes a question mark: PDF/A bears none.

        Each is found by setting the paper again. After three seconds of a processor, or 25 of them, all beyond Latin
        are taken for missing.
        """
        shown, fault, began = order.shown, None, time.process_time()
        for left in range(_MOST_MISSING, -1, -1):
            try:
                return Compiled(self._pages(order, shown))
            except typst.TypstError as error:
                missing, fault = _MISSING.search(error.message), error.message
            if missing is None:
                break
            is_early = left > 1 and time.process_time() - began < self._seconds
            shown = _without(shown, set(missing[1]) if is_early else None)
        return Compiled([], fault)

    def _pages(self, order: Order, shown: str) -> list[bytes]:
        found = self._typst.compile(
            format=order.form,
            sys_inputs={"data": shown},
            pdf_standards=["a-3b"] if order.archival else [],
            timestamp=datetime.combine(order.day, clock_time.min, UTC),
        )
        pages = found if isinstance(found, list) else [found or b""]
        is_electronic = order.form == "pdf" and msgspec.json.decode(shown)["xml"] is not None
        return [declared(page) for page in pages] if is_electronic else pages


def _without(shown: str, missing: set[str] | None) -> str:
    """What is shown, less the characters that are missing; all beyond Latin if that is not known. XML stays."""

    def kept(text: str) -> str:
        return "".join(_IN_PLACE if _is_among(each, missing) else each for each in text)

    content = msgspec.json.decode(shown)
    changed = {name: value if name in {"xml", "logo"} else _mapped(value, kept) for name, value in content.items()}
    return msgspec.json.encode(changed).decode()


def _is_among(character: str, missing: set[str] | None) -> bool:
    return ord(character) > _LATIN if missing is None else character in missing


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_mapped(each, change) for each in value]
    if isinstance(value, dict):
        return {name: _mapped(each, change) for name, each in value.items()}
    return value


def main(orders: BinaryIO, papers: BinaryIO) -> None:
    compiler = Compiler()
    while head := orders.read(_LENGTH.size):
        (length,) = _LENGTH.unpack(head)
        found = compiler.compiled(msgspec.msgpack.decode(orders.read(length), type=Order))
        answer = msgspec.msgpack.encode(found)
        papers.write(_LENGTH.pack(len(answer)) + answer)
        papers.flush()


def confine() -> None:
    """No file can be written, no memory taken without end, no trace of it be left when it dies."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))


if __name__ == "__main__":
    confine()
    main(sys.stdin.buffer, sys.stdout.buffer)
