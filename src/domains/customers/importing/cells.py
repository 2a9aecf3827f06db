"""What a cell of a CSV file says, whatever spreadsheet has been at it; and how a cell is written for one."""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from itertools import islice, pairwise

import msgspec

from domains.shared.errors import ValidationFailed

_FORMULA = r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"
_RUNS = re.compile(rf"'*{_FORMULA}")
_DEFUSED = re.compile(rf"'+{_FORMULA}")
_AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)
_SCIENTIFIC = re.compile(r"\d([.,]\d+)?[eE]\+?\d{1,2}")
_WHOLE = re.compile(r"(\d+)[.,]0+")
_ESCAPED = re.compile(r"\\([\\;,:])")
_TO_ESCAPE = re.compile(r"[\\;,]|(?<= ):(?=:: )")
_UNESCAPED = {",": re.compile(r"(?<!\\)(?:\\\\)*[;\n,]"), ";": re.compile(r"(?<!\\)(?:\\\\)*[;\n]")}
_SCALAR = re.compile(r"true|false|null|-?\d[\d.eE+-]*|\".*\"")
_BLANKS = " \u00a0"
_TOO_LARGE = 2**63
_MOST_VALUES = 100

Scalar = str | int | float | bool | None


def defused(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would run. `plain` takes it away again."""
    return f"'{text}" if _RUNS.match(text) else text


def plain(cell: str) -> str:
    """The cell without blanks around it, `="0123"` read as 0123, and without the apostrophe of `defused`."""
    text = cell.strip(_BLANKS)
    if found := _AS_TEXT.fullmatch(text):
        text = found[1].replace('""', '"')
    return text[1:] if _DEFUSED.match(text) else text


def joined(values: Iterable[str]) -> str:
    """Several values in one cell, with semicolons between them; a backslash stands before those inside."""
    return "; ".join(_TO_ESCAPE.sub(r"\\\g<0>", value) for value in values)


def parted(cell: str) -> list[str]:
    """The values of a cell: by semicolons and lines where there are any, else by commas. Empty ones are left out.

    Google writes ` ::: ` between them. No field takes a hundred: what is beyond is not looked at.
    """
    cell = cell.replace(" ::: ", "\n")
    semicolons = _split(cell, ";")
    values = semicolons if len(semicolons) > 1 else _split(cell, ",")
    found = (_ESCAPED.sub(r"\1", value.strip()) for value in values)
    return list(islice(filter(None, found), _MOST_VALUES))


def phone(text: str) -> str:
    """A phone number that a spreadsheet may have taken for a number.

    `1.5551234567E+10` has all its digits, `1.55512E+10` has lost some: that raises `ValidationFailed`.
    """
    if found := _WHOLE.fullmatch(text):
        text = found[1]
    if not _SCIENTIFIC.fullmatch(text):
        return text
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return text
    _, digits, exponent = number.as_tuple()
    if exponent != 0:
        raise ValidationFailed.of(
            "phones", "lost_digits", "A spreadsheet rounded this number: format its column as text, and save it again."
        )
    return "".join(map(str, digits))


def scalar(text: str) -> Scalar:
    """A custom value: a number, truth value or null where it is written as JSON writes it, else the text."""
    if not _SCALAR.fullmatch(text):
        return text
    try:
        value: Scalar = msgspec.json.decode(text, type=str | int | float | bool | None)
    except msgspec.DecodeError:
        return text
    if isinstance(value, int | float) and not -_TOO_LARGE <= value < _TOO_LARGE:
        return text
    return value if msgspec.json.encode(value).decode() == text else text


def written(value: Scalar) -> str:
    """The cell from which `scalar` reads the same value."""
    if isinstance(value, str) and value and value == value.strip(_BLANKS) and not _SCALAR.fullmatch(value):
        return value
    return msgspec.json.encode(value).decode()


def _split(cell: str, mark: str) -> list[str]:
    if "\\" not in cell:
        return re.split(r"[;\n,]" if mark == "," else r"[;\n]", cell)
    ends = [found.end() for found in _UNESCAPED[mark].finditer(cell)]
    return [cell[begin : end - 1] for begin, end in pairwise([0, *ends, len(cell) + 1])]
