"""The fonts of papers: the same on every machine, whatever it has."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

FAMILIES = ("Libertinus Serif", "Noto Sans Arabic", "Noto Sans Devanagari", "Noto Sans CJK JP", "DejaVu Sans Mono")
"""In the order in which a letter is looked for. Typst brings the first and the last; Chinese and Korean are in CJK."""

_PACKAGES = ("fontpkg_noto_sans_arabic", "fontpkg_noto_sans_devanagari", "noto_cjk_sans_jp_regular")


def folders() -> Iterator[Path]:
    """Where the others are."""
    for package in _PACKAGES:
        yield Path(str(files(package)))
