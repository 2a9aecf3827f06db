"""Passwords that are guessed first: common words and key sequences, whatever is hung onto them.

The lines of the two lists beside this file are stems, in lower case. One stem stands for all its spellings: `password`
refuses `Password1`, `P@ssw0rd2026!` and `1PASSWORD`. One list was written for Frontdesk, the other comes of breaches.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

_LISTS = ("common_passwords.txt", "breached_passwords.txt")
_LETTERS_FOR = (str.maketrans("013457@$!", "oieastasi"), str.maketrans("013457@$!", "oleastasl"))
_SHORTEST_CONTEXT = 4
_SIGNS = "!?.,;:*#+-_=~@$%&/ "


def is_common(password: str, *, about: Iterable[str] = ()) -> bool:
    """Whether it is a common one, or nothing but a word of `about`: the person's address, name, business.

    Case does not count, nor do digits and signs before and after, nor digits and signs that stand for letters.
    """
    known, own = _stems(), {_plain(word) for each in about for word in _words(each)}
    return any(stem in known or stem in own for stem in _stems_of(password))


def _stems_of(password: str) -> Iterator[str]:
    """What may be at the bottom of it."""
    plain = _plain(password)
    core = _without_ends(plain)
    for text in (plain, core, _without_end(plain)):
        yield text
        for letters in _LETTERS_FOR:
            yield from _halved(_without_ends(text.translate(letters)))
            yield from _halved(text.translate(letters))
    yield from _halved(core)
    yield plain.rstrip(_SIGNS)


def _halved(text: str) -> Iterator[str]:
    """The text, and what it repeats: `passpass` is `pass`."""
    yield text
    half = len(text) // 2
    if half and text == text[:half] * 2:
        yield text[:half]


def _without_ends(text: str) -> str:
    while text and not text[0].isalpha():
        text = text[1:]
    return _without_end(text)


def _without_end(text: str) -> str:
    while text and not text[-1].isalpha():
        text = text[:-1]
    return text


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _words(text: str) -> Iterator[str]:
    """The whole, and its parts, as far as they are long enough to say something."""
    parts = "".join(letter if letter.isalnum() else " " for letter in text).split()
    yield from (part for part in (text, "".join(parts), *parts) if len(part) >= _SHORTEST_CONTEXT)


@cache
def _stems() -> frozenset[str]:
    lists = (Path(__file__).with_name(name).read_text(encoding="utf-8") for name in _LISTS)
    return frozenset(line for text in lists for line in text.splitlines() if line and not line.startswith("#"))
