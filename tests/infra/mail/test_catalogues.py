"""No letter without a translation, and none that says something else. Architecture 26."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file

from domains.shared.languages import DEFAULT, LANGUAGES, language_of
from frontdesk.wiring.letters import TEMPLATES
from infra.mail.catalogues import Catalogues, catalogue
from infra.mail.rendering import EXTENSIONS, LAYOUTS, PIECES

TRANSLATED = [language for language in LANGUAGES if language != DEFAULT]
LABELS = LAYOUTS.parents[1] / "documents" / "labels.py"
_PLACE = re.compile(r"%\(\w+\)s")
_OPTIONS = {"extensions": ",".join(EXTENSIONS), "trimmed": "true", "newstyle_gettext": "true", "silent": "false"}
MessageId = str | tuple[str, ...]


def templates() -> list[Path]:
    return sorted(path for folder in TEMPLATES for path in folder.iterdir())


def extracted(paths: list[Path]) -> dict[MessageId, str]:
    """Each text that a template says, and where."""
    found: dict[MessageId, str] = {}
    for path in paths:
        for _, message, *_ in extract_from_file("jinja2.ext:babel_extract", path, options=_OPTIONS):
            found[message] = path.name
    return found


def said() -> dict[MessageId, str]:
    printed = {
        str(message): LABELS.name for _, message, *_ in extract_from_file("python", LABELS, keywords={"marked": None})
    }
    return extracted([path for path in [*templates(), *LAYOUTS.iterdir()] if path.suffix == ".j2"]) | printed


def missing(wanted: dict[MessageId, str], of: Catalog) -> list[str]:
    """What is not translated, as the lines that the catalogue lacks."""
    return [f'# {where}\nmsgid "{one}"\nmsgstr ""\n' for one, where in wanted.items() if not _is_translated(of, one)]


def faults(of: Catalog) -> Iterator[str]:
    """Translations that lack a place of what they translate, or have one more."""
    for message in of:
        if message.id:
            given = sorted(set(_PLACE.findall(_joined(message.id))))
            if any(sorted(set(_PLACE.findall(text))) != given for text in _texts(message)):
                yield _joined(message.id)


def _is_translated(of: Catalog, wanted: MessageId) -> bool:
    message = of.get(wanted[0] if isinstance(wanted, tuple) else wanted)
    return message is not None and not message.fuzzy and all(_texts(message))


def _texts(message: Message) -> tuple[str, ...]:
    strings = message.string if isinstance(message.string, list | tuple) else [message.string]
    return tuple(text or "" for text in strings)


def _joined(one: str | list[str] | tuple[str, ...]) -> str:
    return one if isinstance(one, str) else " ".join(one)


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated(language: str) -> None:
    assert "".join(missing(said(), catalogue(language))) == ""


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalogue_has_nothing_that_no_letter_says(language: str) -> None:
    wanted = {one[0] if isinstance(one, tuple) else one for one in said()}
    have = {m.id[0] if isinstance(m.id, list | tuple) else m.id for m in catalogue(language) if m.id}
    assert sorted(have - wanted) == []
    assert len(have) > 5


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_names_the_same_words(language: str) -> None:
    assert list(faults(catalogue(language))) == []


def test_every_template_is_in_the_one_form() -> None:
    assert [path.name for path in templates() if path.suffix != ".j2"] == []


def test_a_letters_name_is_its_own() -> None:
    names = [path.name for path in templates()]
    assert len(names) == len(set(names)) >= 16
    assert set(PIECES).isdisjoint({path.stem for path in templates()})


def test_a_text_outside_of_gettext_is_seen() -> None:
    """Words that a template says by itself, in none of its calls."""
    bare = {path.name: text for path in templates() if path.suffix == ".j2" and (text := _bare(path.read_text()))}
    assert bare == {}
    assert _bare("{% block content %}Hello {{ paragraph(_('x')) }}{% endblock %}") == "Hello"


def _bare(source: str) -> str:
    return re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", source, flags=re.DOTALL).strip()


def test_what_is_missing_fuzzy_or_unlike_is_found(tmp_path: Path) -> None:
    (tmp_path / "new.j2").write_text('{{ _("Hello %(name)s", name=a) }}{{ _("Bye") }}{{ _("Later") }}')
    wanted = extracted([tmp_path / "new.j2"])
    found = Catalog(locale="es")
    found.add("Hello %(name)s", "Hola %(nombre)s")
    found.add("Later", "Luego", flags=["fuzzy"])
    assert set(wanted) == {"Hello %(name)s", "Bye", "Later"}
    assert [line.split('"')[1] for line in missing(wanted, found)] == ["Bye", "Later"]
    assert list(faults(found)) == ["Hello %(name)s"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (("es", "en"), "es"),
        (("es-MX", None), "es"),
        (("ES_es",), "es"),
        (("pt-BR", "es"), "es"),
        ((None, None), "en"),
        (("est", ""), "en"),
        (("fr", "de"), "en"),
    ],
)
def test_the_language_is_the_persons_then_the_tenants_then_english(wanted: tuple[str | None, ...], found: str) -> None:
    assert language_of(*wanted) == found


def test_english_is_what_the_templates_say() -> None:
    assert Catalogues().of("en").gettext("Hello,") == "Hello,"
    assert Catalogues().of("es").gettext("Hello,") == "Hola:"
