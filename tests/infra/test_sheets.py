"""CSV files as people's programs write them."""

import io

import pytest

from domains.customers.importing import MOST_ROWS
from domains.shared.errors import ValidationFailed
from infra.files.sheets import Sheet

TABLE = 'Name;Note\r\nJosé;"one\r\ntwo"\r\n\r\nZoë;x\r\n'


def read(content: bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
    sheet = Sheet(io.BytesIO(content))
    return sheet.header, [(row.line, row.cells) for row in sheet.rows()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_whatever_its_encoding_separator_and_line_ends(encoding: str, separator: str, end: str) -> None:
    content = TABLE.replace(";", separator).replace("\r\n", end).encode(encoding)
    header, rows = read(content)
    assert header == ["Name", "Note"]
    assert rows == [(2, ["José", f"one{end}two"]), (5, ["Zoë", "x"])]


def test_big_endian_utf_16_and_what_only_windows_has() -> None:
    assert read("\ufeffName\nŽofie\n".encode("utf-16-be"))[1] == [(2, ["Žofie"])]
    assert read("Name\nŽofie – “x”\n".encode("cp1252"))[1] == [(2, ["Žofie – “x”"])]
    assert read(b"Name\nJos\xe9\x81\n")[1] == [(2, ["José\x81"])]


def test_the_line_that_tells_excel_the_separator_is_no_row() -> None:
    header, rows = read(b"sep=|\r\nName|Note\r\nAda|a,b;c\r\n")
    assert (header, rows) == (["Name", "Note"], [(3, ["Ada", "a,b;c"])])
    assert read(b'"sep=;"\nName;Note\nAda;x\n')[1] == [(3, ["Ada", "x"])]


def test_the_separator_is_the_one_with_which_headers_mean_something() -> None:
    assert read(b"Name;Street, City, Zip;Note\nAda;1, A, 2;x\n")[0] == ["Name", "Street, City, Zip", "Note"]
    assert read(b'"Name","Phone"\n"a;b;c;d","1"\n')[1] == [(2, ["a;b;c;d", "1"])]


def test_empty_cells_at_the_end_and_empty_rows_are_left_out() -> None:
    assert read(b"Name,Note,,\nAda,,,\n,,,\n  \nBob,x,,\n") == (["Name", "Note"], [(2, ["Ada"]), (5, ["Bob", "x"])])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"PK\x03\x04 and more", "not_csv"),
        (b"%PDF-1.7", "not_csv"),
        (b'Name,Note\nAda,"never closed\n', "invalid_csv"),
        (b'Name,Note\nAda,"closed"too early\n', "invalid_csv"),
        (b"Name\nA\x00da\n", "nul_character"),
        (b"\xff\xfeN\x00a\x00m\x00e\x00\n\x00\x00\xd8A\x00", "invalid_encoding"),
        (b",".join(b"c%d" % at for at in range(201)), "too_many_columns"),
        (b"Name\n" + b"x" * 1_000_001, "row_too_long"),
        (b"Name\n" + b'"' + b"\n" * 1_000_001, "invalid_csv"),
        (b"Name\n" + b"\n" * 1_100_001, "too_many_lines"),
        (b"Name\n" + b"A\n" * (MOST_ROWS + 1), "too_many_rows"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_table_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        read(content)
    assert [(each.field, each.code) for each in refused.value.errors] == [("file", code)]


def test_as_many_rows_as_there_may_be_are_read() -> None:
    assert len(read(b"Name\n" + b"A\n" * MOST_ROWS)[1]) == MOST_ROWS


def test_a_row_of_nothing_but_separators_takes_no_room() -> None:
    assert read(b"Name\n" + b"," * 900_000 + b"x\n") == (["Name"], [(2, ["", *[""] * 199, "x"])])
