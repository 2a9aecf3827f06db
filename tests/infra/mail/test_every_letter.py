"""Every letter, in every language, with its own words and with hostile ones. Architecture 26, attack 177."""

import re
from html import unescape

import pytest
from jinja2 import Environment
from jinja2.meta import find_undeclared_variables

from domains.shared.languages import DEFAULT, LANGUAGES
from domains.shared.permissions import Role
from frontdesk.wiring.letters import TEMPLATES
from infra.mail.formats import FORMATS
from infra.mail.rendering import EXTENSIONS, PIECES
from tests.infra.mail.test_catalogues import extracted
from tests.support.letter_words import HOSTILE, WORDS, hostile
from tests.support.letters import RENDERING, letter

FILES = {path.stem: path for folder in TEMPLATES for path in folder.iterdir()}
ALIKE = {"Frontdesk: %(text)s"}
_PLACE = re.compile(r"%\(\w+\)s")
_TAG = re.compile(r"<[a-z]+")

every_letter = pytest.mark.parametrize("template", sorted(WORDS))
every_language = pytest.mark.parametrize("language", LANGUAGES)


def needed(template: str) -> set[str]:
    environment = Environment(extensions=list(EXTENSIONS), autoescape=True)
    environment.filters.update(FORMATS)
    parsed = environment.parse(FILES[template].read_text())
    return find_undeclared_variables(parsed) - {*PIECES, "_", "gettext", "ngettext"}


def test_each_letter_has_words() -> None:
    assert sorted(WORDS) == sorted(FILES)
    assert {name: needed(name) - set(words) for name, words in WORDS.items() if needed(name) - set(words)} == {}


@every_language
@every_letter
def test_text_and_page_have_all_words_and_a_subject(template: str, language: str) -> None:
    shown = RENDERING.render(letter(template, language=language, **WORDS[template]))
    told = needed(template) - {
        "amountDue", "currency", "deletesAt", "deposit", "depositDue", "depositDueDate", "dueDate", "expiresAt", "rest",
        "role", "since", "startsAt", "total", "unapplied", "validUntil",
    }  # fmt: skip
    for part in (shown.text, unescape(shown.page)):
        assert [name for name in told if WORDS[template][name] not in part] == []
    assert f"<title>{shown.subject}</title>" in shown.page
    assert shown.page.startswith(f'<!doctype html>\n<html lang="{language}">')
    assert "  " not in shown.subject + re.sub(r"^ +", "", shown.text, flags=re.MULTILINE)


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != DEFAULT])
@every_letter
def test_nothing_of_it_is_english(template: str, language: str) -> None:
    shown = RENDERING.render(letter(template, language=language, **WORDS[template]))
    english = RENDERING.render(letter(template, **WORDS[template]))
    said = [str(one) for one in extracted([FILES[template]]) if one not in ALIKE]
    pieces = {piece.strip() for one in said for piece in _PLACE.split(one) if len(piece.strip()) > 4}
    assert sorted(pieces)
    assert [piece for piece in pieces if piece in unescape(shown.page) + shown.text + shown.subject] == []
    assert any(piece in english.text for piece in pieces)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_invitation_names_the_role_in_words(language: str) -> None:
    words = WORDS["invitation"]
    shown = [RENDERING.render(letter("invitation", language=language, **{**words, "role": role})).text for role in Role]
    assert len(set(shown)) == len(Role)
    assert ("con el rol de propietario." in shown[0]) == (language == "es")
    assert ("as an owner." in shown[0]) == (language == "en")


@every_language
@every_letter
@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_no_name_brings_anything_of_its_own(template: str, kind: str, language: str) -> None:
    shown = RENDERING.render(letter(template, language=language, **hostile(template, kind)))
    friendly = RENDERING.render(letter(template, language=language, **WORDS[template]))
    assert _TAG.findall(shown.page) == _TAG.findall(friendly.page)
    assert "49" not in shown.text
    for part in (shown.subject, shown.text, shown.page):
        assert re.search("[\u202a-\u202e\u2066\u2067]", part) is None
        assert part.count("\u2068") == part.count("\u2069")


@pytest.mark.parametrize(
    ("name", "found"),
    [("נועה 24", "Your code for \u2068נועה 24\u2069: 482913"), ("Noa\u202e 24", "Your code for Noa 24: 482913")],
)
def test_a_name_from_right_to_left_takes_nothing_along(name: str, found: str) -> None:
    words = {**WORDS["verification_code"], "tenantName": name}
    assert RENDERING.render(letter("verification_code", **words)).subject == found
