"""Which country a cell names: by a code, or by its name in one of some languages."""

import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache

from babel import Locale
from babel.core import get_global

from domains.shared.postal import COUNTRIES

_LANGUAGES = ("en", "es", "fr", "de", "it", "pt")
_ALSO_CALLED = {
    "america": "US",
    "czech republic": "CZ",
    "england": "GB",
    "great britain": "GB",
    "holland": "NL",
    "northern ireland": "GB",
    "scotland": "GB",
    "turkey": "TR",
    "united states of america": "US",
    "wales": "GB",
}


def country(text: str) -> str:
    """Its ISO 3166 code of two letters; a text that names none as it is."""
    code = text.upper()
    if code in COUNTRIES:
        return code
    return _codes().get(_bare(text), text)


@cache
def _codes() -> Mapping[str, str]:
    """By code of three letters, by former code, by name; where languages differ, as the first one has it."""
    return dict(reversed(list(_named())))


def _named() -> Iterator[tuple[str, str]]:
    for alias, codes in get_global("territory_aliases").items():
        if len(codes) == 1 and codes[0] in COUNTRIES:
            yield _bare(alias), codes[0]
    yield from _ALSO_CALLED.items()
    for language in _LANGUAGES:
        names = Locale(language).territories
        yield from ((_bare(names[code]), code) for code in sorted(COUNTRIES) if code in names)


def _bare(text: str) -> str:
    """Without accents and dots: `U.S.A.` is `usa`."""
    decomposed = unicodedata.normalize("NFKD", text.casefold()).replace(".", "").replace("\u2019", "'")
    return " ".join("".join(each for each in decomposed if not unicodedata.combining(each)).split())
