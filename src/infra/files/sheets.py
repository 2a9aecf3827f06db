"""CSV files as spreadsheets write them: their encoding, their separator, their rows with their lines."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from domains.customers.importing import MOST_COLUMNS, MOST_ROWS, Row, known_among
from domains.shared.errors import ValidationFailed

_AT_ONCE = 1 << 18
_HEAD = 1 << 16
_LONGEST_ROW = 1_000_000
_MOST_LINES = 1_100_000
"""Those of empty rows too: a spreadsheet has 1,048,576 of them at most."""
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_GUESSES = ("utf-8", "cp1252")
_SEPARATORS = ",;\t|"
_NO_TABLE = {
    b"PK\x03\x04": "This is an Excel workbook: save it as CSV.",
    b"\xd0\xcf\x11\xe0": "This is an old Excel workbook: save it as CSV.",
    b"%PDF": "This is a PDF: a CSV file is wanted.",
}


class Sheet:
    """A file as a table: its first row, and those that follow, less empty ones."""

    def __init__(self, file: BinaryIO) -> None:
        """Raise `ValidationFailed` where it is no table of text."""
        head = _head_of(file)
        self._text = io.TextIOWrapper(file, encoding=_encoding_of(file, head), newline="")
        self._before, separator = self._begin()
        self._reader = csv.reader(self._lines(), delimiter=separator, strict=True)
        self._number = self._length = 0
        self.header = self._first()

    def rows(self) -> Iterator[Row]:
        """Raise `ValidationFailed` for more than 100,000, for too many lines, and where a quote is not closed.

        Of a row that has more cells than there may be columns, some beyond these are left out.
        """
        while True:
            line = self._line
            cells = self._next()
            if cells is None:
                return
            if any(cell.strip() for cell in cells):
                self._number += 1
                if self._number > MOST_ROWS:
                    raise _refusal("too_many_rows", f"A file has at most {MOST_ROWS:,} rows.")
                yield Row(line, _without_end(cells))

    def close(self) -> None:
        """Let go of the file, which stays open."""
        self._text.detach()

    @property
    def _line(self) -> int:
        return self._before + self._reader.line_num + 1

    def _begin(self) -> tuple[int, str]:
        """How many lines stand before the table, and what separates its cells."""
        text = self._read(_HEAD)
        first = re.split(r"[\r\n]", text, maxsplit=1)[0].strip('"')
        if first.lower().startswith("sep=") and len(first) == len("sep=;"):
            self._text.seek(0)
            self._text.readline()
            return 1, first[-1]
        self._text.seek(0)
        return 0, max(_SEPARATORS, key=lambda separator: _worth(text, separator))

    def _first(self) -> list[str]:
        found = self._next()
        if found is None:
            raise _refusal("empty_file", "The file is empty.")
        header = _without_end(found)
        if len(header) > MOST_COLUMNS:
            raise _refusal("too_many_columns", f"A file has at most {MOST_COLUMNS} columns.")
        return header

    def _next(self) -> list[str] | None:
        line, self._length = self._line, 0
        try:
            cells = next(self._reader, None)
        except csv.Error:
            raise _refusal("invalid_csv", f"The row on line {line} cannot be read: are its quotes closed?") from None
        except UnicodeDecodeError:
            raise _refusal("invalid_encoding", f"Behind line {line} it is not text in its encoding.") from None
        if cells is not None and any("\0" in cell for cell in cells):
            raise _refusal("nul_character", f"The row on line {line} has the character NUL: this is no text.")
        return cells

    def _lines(self) -> Iterator[str]:
        """A row is in memory as a whole, so it has a length."""
        while text := self._text.readline(_LONGEST_ROW):
            self._length += len(text)
            if self._length >= _LONGEST_ROW:
                raise _refusal("row_too_long", f"The row on line {self._line} is too long: are its quotes closed?")
            if self._line > _MOST_LINES:
                raise _refusal("too_many_lines", f"A file has at most {_MOST_LINES:,} lines, empty ones counted.")
            yield text

    def _read(self, most: int) -> str:
        try:
            return self._text.read(most)
        except UnicodeDecodeError:
            raise _refusal("invalid_encoding", "This is not text in its encoding.") from None


def _head_of(file: BinaryIO) -> bytes:
    file.seek(0)
    head = file.read(4)
    if told := next((told for sign, told in _NO_TABLE.items() if head.startswith(sign)), None):
        raise _refusal("not_csv", told)
    return head


def _encoding_of(file: BinaryIO, head: bytes) -> str:
    """By its mark; else UTF-8 if all of it is, else what Windows writes in the West."""
    found = next((name for mark, name in _MARKS if head.startswith(mark)), None)
    found = found or next((name for name in _GUESSES if _is_in(file, name)), "latin-1")
    file.seek(0)
    return found


def _is_in(file: BinaryIO, encoding: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while block := file.read(_AT_ONCE):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _worth(text: str, separator: str) -> tuple[int, int]:
    """By how many columns are known, then by how many there are."""
    try:
        header = next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])
    except csv.Error:
        return 0, 0
    return known_among(header), len(header)


def _without_end(cells: list[str]) -> list[str]:
    """Less the empty cells at the end, which spreadsheets add, and all between the last column and the last cell."""
    while cells and not cells[-1].strip():
        cells.pop()
    return cells if len(cells) <= MOST_COLUMNS else [*cells[:MOST_COLUMNS], cells[-1]]


def _refusal(code: str, message: str) -> ValidationFailed:
    return ValidationFailed.of("file", code, message)
