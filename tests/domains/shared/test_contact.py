"""E-mail addresses and telephone numbers: an invalid one cannot be built, and a valid one has one form."""

import random
import time

import email_validator
import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domains.shared.contact import EmailAddress, PhoneNumber
from domains.shared.errors import ValidationFailed


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Grace@Example.com", "grace@example.com"),
        ("first.last+tag@sub.example.co.uk", "first.last+tag@sub.example.co.uk"),
        ("A@MÜNCHEN.example.com", "a@münchen.example.com"),
        ("a@xn--mnchen-3ya.example.com", "a@münchen.example.com"),
    ],
)
def test_an_address_is_kept_in_one_form(text: str, kept: str) -> None:
    assert EmailAddress.parse(text, "email").value == kept


_PARTS = st.sampled_from(
    ["a", "B", "9", "é", "-", "--", ".", "_", "+", "'", "@", "\n", "xn--a", "x" * 63, "x" * 64, "test", "local", "com",
     "invalid", "localhost", "arpa", "onion", "c"]
)  # fmt: skip


@settings(max_examples=400)
@given(st.lists(_PARTS, min_size=1, max_size=4), st.lists(_PARTS, min_size=1, max_size=6))
def test_what_is_plainly_an_address_is_one_to_the_library_too(local: list[str], domain: list[str]) -> None:
    for text in ("".join(local) + "@" + "".join(domain), f"{local[0]}@{domain[0]}.{domain[-1]}"):
        try:
            found = email_validator.validate_email(
                text, check_deliverability=False, allow_smtputf8=False, test_environment=True, strict=True
            ).normalized.lower()
        except email_validator.EmailNotValidError:
            with pytest.raises(ValidationFailed):
                EmailAddress.parse(text, "email")
        else:
            assert EmailAddress.parse(text, "email").value == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "grace",
        "@example.com",
        "grace@",
        "grace@localhost",
        "a b@example.com",
        "Grace Hopper <grace@example.com>",
        "grace@example.com\nBcc: all@example.com",
        "grace@example.com\x00",
        '"quoted"@example.com',
        "grace@[127.0.0.1]",
        "=?utf-8?q?a=40evil.example=2Cb?=@example.com",
        "a@b@example.com",
        "x" * 65 + "@example.com",
        "grace@" + "x" * 64 + ".com",
        "grace@" + "x." * 130 + "com",
    ],
)
def test_what_is_no_address_names_its_field(text: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        EmailAddress.parse(text, "emails[3]")
    assert [(error.field, error.code) for error in refused.value.errors] == [("emails[3]", "invalid_email")]


@settings(max_examples=40)
@given(st.emails(domains=st.sampled_from(["example.com", "sub.example.org", "example.co.uk"])))
def test_normalising_an_address_twice_changes_nothing(text: str) -> None:
    try:
        once = EmailAddress.parse(text, "email").value
    except ValidationFailed:
        return
    assert EmailAddress.parse(once, "email").value == once


@pytest.mark.parametrize(
    ("text", "region", "kept"),
    [
        ("+1 (212) 555-0101", None, "+12125550101"),
        ("+49 89 123456", None, "+4989123456"),
        ("+1 212 555 0101 ext. 5", None, "+12125550101"),
        ("212 555 0101", "US", "+12125550101"),
        ("tel:+1-212-555-0101", None, "+12125550101"),
        ("\u202a+1 212 555 0101\u202c", None, "+12125550101"),
        ("+1 800 FLOWERS", None, "+18003569377"),
    ],
)
def test_a_number_is_kept_as_e164(text: str, region: str | None, kept: str) -> None:
    assert PhoneNumber.parse(text, "phone", region=region).value == kept


def test_a_number_that_is_written_in_its_one_form_is_what_the_library_takes_it_for() -> None:
    chosen = random.Random(7)  # noqa: S311 - the same numbers each time
    written = [
        f"+{code}{chosen.randrange(10 ** (length - 1), 10**length):0{length + zeros}}"
        for code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE
        for length in range(3, 13)
        for zeros in (0, 0, 1)
    ]
    assert [_kept(text) for text in written] == [_by_the_library(text) for text in written]


@pytest.mark.parametrize(
    "text",
    [
        "", "none", "212 555 0101", "+1", "+1 555", "+999 123456789", "+" + "1" * 40, "\x00", "📞📞📞📞",
        "call me +12125550101", "+12125550101 ok", "☎+12125550101", "+12125550101 / +12125550102",
        "+1212\u200b5550101", "+1 555 0104",
    ],
)  # fmt: skip
def test_what_is_no_number_names_its_field(text: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        PhoneNumber.parse(text, "phones[0]", region=None)
    assert [(error.field, error.code) for error in refused.value.errors] == [("phones[0]", "invalid_phone")]


def test_a_number_without_its_area_code_is_none() -> None:
    """Ten digits reach somebody in the United States, seven only a neighbour."""
    with pytest.raises(ValidationFailed):
        PhoneNumber.parse("555-0104", "phone", region="US")


@pytest.mark.parametrize("text", ["a" * 250 + "@b", "a." * 120 + "@b.com", "@" * 254, "a@" + "-" * 240 + ".com"])
def test_a_long_address_is_refused_quickly(text: str) -> None:
    started = time.process_time()
    with pytest.raises(ValidationFailed):
        EmailAddress.parse(text, "email")
    assert time.process_time() - started < 0.05


@pytest.mark.parametrize("text", ["+" + "1-" * 15, "tel:+1;" * 4, "(" * 32, "+1" + " x" * 15])
def test_a_strange_number_is_refused_quickly(text: str) -> None:
    started = time.process_time()
    with pytest.raises(ValidationFailed):
        PhoneNumber.parse(text, "phone", region=None)
    assert time.process_time() - started < 0.05


def _kept(text: str) -> str | None:
    try:
        return PhoneNumber.parse(text, "phone", region=None).value
    except ValidationFailed:
        return None


def _by_the_library(text: str) -> str | None:
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
