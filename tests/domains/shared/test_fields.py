"""Kinds of field that many domains use have one form."""

import pytest

from domains.shared.errors import ValidationFailed
from domains.shared.fields import bare, trimmed
from domains.shared.languages import written_as_usual
from domains.shared.postal import COUNTRIES, PostalAddress, known_country


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (" Ada\t", "Ada"),
        ("\u00a0\u200bAda\ufeff", "Ada"),
        ("\u202a+1 555\u202c", "+1 555"),
        ("a\u200db", "a\u200db"),
        ("❤️", "❤️"),
        ("👩‍🔧", "👩‍🔧"),
        ("\u200b\u200c\u2060\u3164\u115f\u00ad", ""),
        ("\ufe0f\ufe0f", ""),
        ("", ""),
    ],
)
def test_what_nobody_sees_is_taken_from_around_a_text(text: str, seen: str) -> None:
    assert bare(text) == seen


def test_what_nobody_sees_is_no_text() -> None:
    with pytest.raises(ValidationFailed):
        trimmed("\u200b\u200b\u200b", "name", shortest=2)
    assert trimmed("\u200bAda", "name", shortest=2) == "Ada"


@pytest.mark.parametrize(
    ("tag", "usual"), [("EN", "en"), ("pt-br", "pt-BR"), ("zh-hant-tw", "zh-Hant-TW"), ("es-419", "es-419")]
)
def test_a_language_tag_is_written_as_usual(tag: str, usual: str) -> None:
    assert written_as_usual(tag) == usual


def test_countries_are_those_of_iso_3166() -> None:
    assert len(COUNTRIES) == 250
    assert {"US", "DE", "AQ", "XK"} <= COUNTRIES
    for code in ("ZZ", "EU", "XA", "us", "USA"):
        with pytest.raises(ValidationFailed) as refused:
            known_country(code, "country")
        assert refused.value.errors[0].code == "unknown_country"


def test_an_address_is_kept_trimmed_or_not_at_all() -> None:
    assert PostalAddress(street=" 1 Pier Road ", city="\u200b").kept("address") == PostalAddress(street="1 Pier Road")
    assert PostalAddress(street=" ").kept("address") is None
    with pytest.raises(ValidationFailed) as refused:
        PostalAddress(country="QO").kept("address")
    assert refused.value.errors[0].field == "address.country"
