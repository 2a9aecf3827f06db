"""A letter's text and page come of one template, in its reader's language, zone and way of writing numbers."""

from pathlib import Path

import pytest
from jinja2 import UndefinedError

from frontdesk.wiring.letters import TEMPLATES
from infra.mail.catalogues import Catalogues
from infra.mail.rendering import Rendering
from tests.support.letters import RENDERING, letter

CODE = {"displayName": "Grace Hopper", "tenantName": "Harbor Plumbing", "code": "123456"}
ALERT = {"text": "error_rate raised in api: 7 %", "since": "2026-11-21T09:30:00.000Z"}


@pytest.fixture
def rendering(tmp_path: Path) -> Rendering:
    """With one template more, given by `written`."""
    return Rendering([tmp_path, *TEMPLATES], Catalogues())


def written(folder: Path, content: str) -> None:
    source = '{% extends "letter" %}{% block subject %}A subject{% endblock %}{% block content %}'
    (folder / "toy.j2").write_text(source + content + "{% endblock %}")


def test_the_text_and_the_page_say_the_same() -> None:
    shown = RENDERING.render(letter("verification_code", **CODE))
    assert shown.subject == "Your code for Harbor Plumbing: 123456"
    for content in (shown.text, shown.page):
        assert all(word in content for word in CODE.values())
        assert "It is good for 10 minutes." in content
        assert "Replies to it are not read." in content
    assert shown.page.startswith('<!doctype html>\n<html lang="en">')
    assert shown.text.startswith("Hello Grace Hopper,\n\nYour code to confirm")
    assert "\n\n\n" not in shown.text
    assert "    123456\n" in shown.text


def test_it_is_written_in_spanish() -> None:
    shown = RENDERING.render(letter("verification_code", language="es", **CODE))
    assert shown.subject == "Su código para Harbor Plumbing: 123456"
    assert "Hola, Grace Hopper:" in shown.text
    assert '<html lang="es">' in shown.page
    assert "Hello" not in shown.page


@pytest.mark.parametrize(
    ("language", "zone", "found"),
    [
        ("en", "UTC", "Since November 21, 2026, 9:30\u00a0AM UTC."),
        ("en", "America/New_York", "Since November 21, 2026, 4:30\u00a0AM EST."),
        ("es", "Europe/Madrid", "Desde el 21 de noviembre de 2026, 10:30 CET."),
        ("en", "Pacific/Kiritimati", "Since November 21, 2026, 11:30\u00a0PM UTC+14."),
    ],
)
def test_a_time_is_the_readers(language: str, zone: str, found: str) -> None:
    assert found in RENDERING.render(letter("alert", language=language, timezone=zone, **ALERT)).text


@pytest.mark.parametrize(
    ("language", "found"), [("en", "July 4, 2026 / 1,234,567.5"), ("es", "4 de julio de 2026 / 1.234.567,5")]
)
def test_dates_and_numbers_are_written_as_in_the_language(
    rendering: Rendering, tmp_path: Path, language: str, found: str
) -> None:
    written(tmp_path, "{{ paragraph(on|day ~ ' / ' ~ count|number) }}")
    assert found in rendering.render(letter("toy", language=language, on="2026-07-04", count="1234567.5")).text


def test_a_name_is_text_in_the_page() -> None:
    name = "<script>alert(1)</script>&\"'%(code)s"
    shown = RENDERING.render(letter("verification_code", **{**CODE, "displayName": name}))
    assert name in shown.text
    assert "<script>" not in shown.page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;&#34;&#39;%(code)s" in shown.page


def test_a_button_leads_to_a_web_page_and_shows_where(rendering: Rendering, tmp_path: Path) -> None:
    written(tmp_path, "{{ button('Go', link) }}")
    link = "https://app.example.com/reset?a=1&b=%22"
    shown = rendering.render(letter("toy", link=link))
    assert f"Go:\n{link}\n" in shown.text
    assert 'href="https://app.example.com/reset?a=1&amp;b=%22"' in shown.page
    for hostile in ("javascript:alert(1)", "data:text/html,x", " https://example.com", "//example.com"):
        with pytest.raises(ValueError, match="web pages only"):
            rendering.render(letter("toy", link=hostile))


def test_a_link_cannot_leave_its_attribute(rendering: Rendering, tmp_path: Path) -> None:
    written(tmp_path, "{{ button('Go', link) }}")
    shown = rendering.render(letter("toy", link='https://example.com/"><script>'))
    assert "<script>" not in shown.page


def test_a_word_that_is_missing_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        RENDERING.render(letter("verification_code", code="1"))
