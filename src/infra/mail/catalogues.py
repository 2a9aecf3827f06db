"""The translations of letters: gettext catalogues, read as they are written (`locales/<language>.po`)."""

from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from domains.shared.languages import DEFAULT, LANGUAGES

LOCALES = Path(__file__).parent / "locales"


def catalogue(language: str, folder: Path = LOCALES) -> Catalog:
    """What is written in one language's catalogue. Raise where it cannot be read."""
    with (folder / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


class Catalogues:
    """The translations of every language, read when this is made. English is what the templates say."""

    def __init__(self, folder: Path = LOCALES) -> None:
        self._of = {language: _compiled(catalogue(language, folder)) for language in LANGUAGES if language != DEFAULT}

    def of(self, language: str) -> NullTranslations:
        return self._of.get(language) or NullTranslations()


def _compiled(found: Catalog) -> GNUTranslations:
    compiled = BytesIO()
    write_mo(compiled, found)
    compiled.seek(0)
    return GNUTranslations(compiled)
