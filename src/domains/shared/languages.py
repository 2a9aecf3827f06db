"""The languages in which letters and documents are written."""

from collections.abc import Callable

DEFAULT = "en"
LANGUAGES = (DEFAULT, "es")


def language_of(*wanted: str | None) -> str:
    """The first of `wanted` that is written here, by its primary subtag (`es-MX` is read as `es`); else English."""
    for tag in wanted:
        primary = (tag or "").replace("_", "-").partition("-")[0].lower()
        if primary in LANGUAGES:
            return primary
    return DEFAULT


def written_as_usual(tag: str) -> str:
    """A language tag in the case that RFC 5646 recommends: `pt-BR`, `zh-Hant-TW`."""
    primary, *others = tag.lower().split("-")
    return "-".join([primary, *(_CASES.get(len(part), str.lower)(part) for part in others)])


_CASES: dict[int, Callable[[str], str]] = {2: str.upper, 4: str.title}
