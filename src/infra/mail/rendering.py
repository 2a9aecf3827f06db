"""From a letter to what its reader sees: one template, as text and as a page, in the reader's language.

A letter's template (`<name>.j2`) has a block `subject` and a block `content`: see `docs/letters.md`.
"""

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domains.letters import Letter
from domains.shared.languages import LANGUAGES
from infra.mail.catalogues import Catalogues
from infra.mail.formats import FORMATS

LAYOUTS = Path(__file__).parent / "layouts"
EXTENSIONS = ("jinja2.ext.i18n",)
PIECES = ("big", "button", "note", "other_button", "paragraph", "quote")

_ISOLATE, _END = "\u2068", "\u2069"
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT = {"AL", "R"}


class Rendered(msgspec.Struct, frozen=True):
    """`subject` may have several lines still; `page` is HTML."""

    subject: str
    text: str
    page: str


class Rendering:
    """Renders letters from the templates in `folders`. A word that a template names and a letter lacks is an error."""

    def __init__(self, folders: Sequence[Path], catalogues: Catalogues) -> None:
        self._text = {of: _environment(folders, catalogues, of, is_page=False) for of in LANGUAGES}
        self._page = {of: _environment(folders, catalogues, of, is_page=True) for of in LANGUAGES}

    def render(self, letter: Letter) -> Rendered:
        text, page = self._text[letter.language], self._page[letter.language]
        words: dict[str, Any] = {name: _apart(word) for name, word in letter.words.items()}
        words |= {"language": letter.language, "timezone": letter.timezone}
        subject = _block(text, f"{letter.template}.j2", "subject", words)
        words["subject"] = " ".join(subject.split())
        return Rendered(
            subject=subject,
            text=_tidied(_whole(text, f"{letter.template}.j2", words)),
            page=_whole(page, f"{letter.template}.j2", words),
        )


def _whole(environment: Environment, name: str, words: dict[str, Any]) -> str:
    return environment.get_template(name).render({**words, **_pieces(environment)})


def _block(environment: Environment, name: str, block: str, words: dict[str, Any]) -> str:
    template = environment.get_template(name)
    return "".join(template.blocks[block](template.new_context({**words, **_pieces(environment)})))


def _pieces(environment: Environment) -> dict[str, Any]:
    pieces = environment.get_template("pieces").module
    return {name: getattr(pieces, name) for name in PIECES}


def _apart(word: str) -> str:
    """A word that turns no text around it: one in Hebrew or Arabic is set apart, as Unicode's annex 9 §2.7 says."""
    word = _TURNS.sub("", word)
    is_turned = any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in word)
    return f"{_ISOLATE}{word}{_END}" if is_turned else word


def _environment(folders: Sequence[Path], catalogues: Catalogues, language: str, *, is_page: bool) -> Environment:
    environment = Environment(
        loader=_Kinds([*folders, LAYOUTS], "page" if is_page else "text"),
        extensions=EXTENSIONS,
        autoescape=is_page,  # noqa: S701 - on for the page; what is text has nothing to escape
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_translations(  # type: ignore[attr-defined]  # the extension adds it
        catalogues.of(language), newstyle=True
    )
    environment.filters.update(FORMATS)
    return environment


class _Kinds(FileSystemLoader):
    """`letter` and `pieces` are the layout of the kind of part that is being rendered."""

    def __init__(self, folders: Sequence[Path], kind: str) -> None:
        super().__init__(folders)
        self._kind = kind

    def get_source(self, environment: Environment, template: str) -> Any:
        is_layout = template in {"letter", "pieces"}
        return super().get_source(environment, f"{template}.{self._kind}.j2" if is_layout else template)


def _tidied(text: str) -> str:
    """No more than one empty line in a row, none at the ends."""
    lines = [line.rstrip() for line in text.strip("\n").splitlines()]
    kept = [line for at, line in enumerate(lines) if line or (at and lines[at - 1])]
    return "\n".join(kept) + "\n"
