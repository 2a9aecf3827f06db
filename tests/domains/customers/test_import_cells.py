"""Cells: what spreadsheets have done to them is undone, and what an export writes is read again as it was."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domains.customers.importing.cells import Scalar, defused, joined, parted, phone, plain, scalar, written
from domains.shared.errors import ValidationFailed


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("  Ada ", "Ada"),
        ("\u00a0Ada\u00a0", "Ada"),
        ('="0123"', "0123"),
        ('="say ""hi"""', 'say "hi"'),
        ("'+15551234567", "+15551234567"),
        ("'=1+1", "=1+1"),
        ("''=1+1", "'=1+1"),
        ("'tis", "'tis"),
        ("=1+1", "=1+1"),
        ("", ""),
    ],
)
def test_what_a_spreadsheet_did_is_undone(cell: str, meant: str) -> None:
    assert plain(cell) == meant


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'=", "''+"])
def test_what_would_run_is_defused(start: str) -> None:
    assert defused(f"{start}1").startswith("'")
    assert plain(defused(f"{start}1")) == f"{start}1".strip(" ")


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1.5551234567E+10", "15551234567"),
        ("1,5551234567E+10", "15551234567"),
        ("15551234567.0", "15551234567"),
        ("15551234567.00", "15551234567"),
        ("(555) 123-4567", "(555) 123-4567"),
        ("+1 555 123 4567", "+1 555 123 4567"),
    ],
)
def test_a_phone_number_that_was_taken_for_a_number_is_one_again(cell: str, number: str) -> None:
    assert phone(cell) == number


@pytest.mark.parametrize("cell", ["1.55512E+10", "1E+10", "5E10"])
def test_a_phone_number_that_lost_digits_is_none(cell: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        phone(cell)
    assert refused.value.errors[0].code == "lost_digits"


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        ("vip, residential", ["vip", "residential"]),
        ("vip; a, b", ["vip", "a, b"]),
        ("one\ntwo", ["one", "two"]),
        (r"a\, b", ["a, b"]),
        (r"a\;b; c", ["a;b", "c"]),
        (r"a\\; c", ["a\\", "c"]),
        (" ; ;", []),
    ],
)
def test_several_values_stand_in_one_cell(cell: str, values: list[str]) -> None:
    assert parted(cell) == values


@pytest.mark.parametrize("cell", ["a;" * 10_000, "\\;" + "a;" * 10_000, "a," * 10_000])
def test_no_more_values_are_taken_from_a_cell_than_any_field_has(cell: str) -> None:
    assert len(parted(cell)) == 100


LINES = st.text(st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(" ;,\\'="), min_size=1).filter(
    lambda text: text == text.strip()
)


@example(["a ::: b", "c:d", r"\: e"])
@given(st.lists(LINES, max_size=5))
def test_joined_values_are_parted_again(values: list[str]) -> None:
    assert parted(plain(defused(joined(values)))) == values


@given(st.text().filter(lambda text: text == text.strip(" \u00a0")))
def test_a_defused_text_is_plain_again(text: str) -> None:
    assert plain(defused(text)) == text or text.startswith('="')


@given(
    st.text()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(-(2.0**63), 2.0**63, exclude_max=True)
    | st.booleans()
    | st.none()
)
def test_a_custom_value_is_read_as_it_was_written(value: Scalar) -> None:
    found = scalar(plain(defused(written(value))))
    assert (type(found), found) == (type(value), value)
